#include "tests/system/journal.h"
#include "tests/system/deadline.h"
#include <check.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void journal_open(struct journal *journal, const char *path)
{
    *journal = (struct journal){ .file = fopen(path, "re") };
    ck_assert_msg(journal->file != NULL, "cannot read %s", path);
}

void journal_close(struct journal *journal)
{
    for (size_t i = 0; i < journal->count; i++)
        cJSON_Delete(journal->events[i]);
    free(journal->events);
    free(journal->line);
    if (journal->file)
        fclose(journal->file);
    *journal = (struct journal){ 0 };
}

static void add_event(struct journal *journal, const char *line)
{
    cJSON *event = cJSON_Parse(line);

    ck_assert_msg(cJSON_IsObject(event), "no JSON object: %s", line);
    ck_assert_msg(
        cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(event, "time")) &&
            cJSON_IsString(cJSON_GetObjectItemCaseSensitive(event, "event")),
        "no time or no event: %s", line);
    if (journal->count == journal->room) {
        journal->room = journal->room ? 2 * journal->room : 64;
        journal->events =
            realloc(journal->events, journal->room * sizeof(*journal->events));
        ck_assert(journal->events != NULL);
    }
    journal->events[journal->count++] = event;
}

static void add_byte(struct journal *journal, char byte)
{
    if (journal->line_bytes == journal->line_room) {
        journal->line_room = journal->line_room ? 2 * journal->line_room : 512;
        journal->line = realloc(journal->line, journal->line_room);
        ck_assert(journal->line != NULL);
    }
    journal->line[journal->line_bytes++] = byte;
}

void journal_follow(struct journal *journal)
{
    int byte;

    /* The end of the file is only its end so far. */
    clearerr(journal->file);
    while ((byte = getc(journal->file)) != EOF) {
        add_byte(journal, byte == '\n' ? '\0' : (char)byte);
        if (byte == '\n') {
            add_event(journal, journal->line);
            journal->line_bytes = 0;
        }
    }
}

static cJSON *pattern_read(const char *format, va_list arguments)
{
    char text[512];
    cJSON *pattern;

    vsnprintf(text, sizeof(text), format, arguments);
    for (char *quote = text; (quote = strchr(quote, '\'')) != NULL;)
        *quote = '"';
    pattern = cJSON_Parse(text);
    ck_assert_msg(pattern != NULL, "no pattern: %s", text);
    return pattern;
}

static bool matches(const cJSON *event, const cJSON *pattern)
{
    const cJSON *wanted;

    cJSON_ArrayForEach(wanted, pattern)
    {
        if (!cJSON_Compare(
                cJSON_GetObjectItemCaseSensitive(event, wanted->string), wanted,
                true))
            return false;
    }
    return true;
}

static const cJSON *find(const struct journal *journal, size_t nth,
                         const cJSON *pattern)
{
    for (size_t i = 0; i < journal->count; i++) {
        if (matches(journal->events[i], pattern) && --nth == 0)
            return journal->events[i];
    }
    return NULL;
}

size_t journal_count(struct journal *journal, const char *format, ...)
{
    size_t count = 0;
    va_list arguments;
    cJSON *pattern;

    va_start(arguments, format);
    pattern = pattern_read(format, arguments);
    va_end(arguments);
    journal_follow(journal);
    for (size_t i = 0; i < journal->count; i++)
        count += matches(journal->events[i], pattern);
    cJSON_Delete(pattern);
    return count;
}

const cJSON *journal_find(struct journal *journal, size_t nth,
                          const char *format, ...)
{
    const cJSON *event;
    va_list arguments;
    cJSON *pattern;

    va_start(arguments, format);
    pattern = pattern_read(format, arguments);
    va_end(arguments);
    journal_follow(journal);
    event = find(journal, nth, pattern);
    cJSON_Delete(pattern);
    return event;
}

const cJSON *journal_await(struct journal *journal, size_t nth,
                           const char *format, ...)
{
    struct deadline deadline = deadline_start();
    const cJSON *event;
    va_list arguments;
    cJSON *pattern;
    char *text;

    va_start(arguments, format);
    pattern = pattern_read(format, arguments);
    va_end(arguments);
    text = cJSON_PrintUnformatted(pattern);
    for (;;) {
        journal_follow(journal);
        event = find(journal, nth, pattern);
        if (event)
            break;
        ck_assert_msg(deadline_nap(deadline),
                      "waited in vain for the %zu. event like %s", nth, text);
    }
    cJSON_free(text);
    cJSON_Delete(pattern);
    return event;
}

const cJSON *journal_last(struct journal *journal)
{
    journal_follow(journal);
    return journal->count ? journal->events[journal->count - 1] : NULL;
}

double journal_number(const cJSON *event, const char *path)
{
    const cJSON *member = event;
    char name[64];

    for (const char *rest = path; rest; rest = strchr(rest, '.')) {
        rest += *rest == '.';
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(rest, "."), rest);
        member = cJSON_GetObjectItemCaseSensitive(member, name);
    }
    ck_assert_msg(cJSON_IsNumber(member), "no number %s", path);
    return member->valuedouble;
}

const char *journal_text(const cJSON *event, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(event, name);

    ck_assert_msg(cJSON_IsString(member) || cJSON_IsNull(member), "no text %s",
                  name);
    return cJSON_IsNull(member) ? NULL : member->valuestring;
}
