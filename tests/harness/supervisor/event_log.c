/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/event_log.h"
#include "supervisor/log/event_table.h"
#include "tests/harness/deadline.h"
#include <check.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void event_log_open(struct event_log *log, const char *path)
{
    *log = (struct event_log){ .file = fopen(path, "re") };
    ck_assert_msg(log->file != NULL, "cannot read %s", path);
}

void event_log_close(struct event_log *log)
{
    for (size_t i = 0; i < log->count; i++)
        cJSON_Delete(log->events[i]);
    free(log->events);
    free(log->line);
    if (log->file)
        fclose(log->file);
    *log = (struct event_log){ 0 };
}

/* Fails the test if a member of `object` is not a field of the event; names of
 * nested members begin with `prefix`.  Returns the number of mandatory fields
 * found. */
static size_t check_members(const struct event_row *row, const cJSON *object,
                            const char *prefix, const char *line)
{
    const cJSON *member;
    size_t found = 0;
    char name[96];

    cJSON_ArrayForEach(member, object)
    {
        const struct event_field *field;

        if (*prefix == '\0' && (strcmp(member->string, "time") == 0 ||
                                strcmp(member->string, "event") == 0))
            continue;
        snprintf(name, sizeof(name), "%s%s", prefix, member->string);
        if (cJSON_IsObject(member)) {
            strcat(name, ".");
            found += check_members(row, member, name, line);
            continue;
        }
        field = event_table_field(row, name);
        ck_assert_msg(field != NULL, "field %s is not in event_table.c: %s",
                      name, line);
        found += field->presence == FIELD_ALWAYS;
    }
    return found;
}

/* Fails the test if the line has other fields than the event table lists. */
static void check_event(const cJSON *event, const char *line)
{
    const struct event_row *row = event_table_find(event_text(event, "event"));
    size_t required = 0;

    ck_assert_msg(row != NULL, "the event is not in event_table.c: %s", line);
    for (const struct event_field *field = row->fields; field->name; field++)
        required += field->presence == FIELD_ALWAYS;
    ck_assert_msg(check_members(row, event, "", line) == required,
                  "a field that event_table.c lists is missing: %s", line);
}

static void add_event(struct event_log *log, const char *line)
{
    cJSON *event = cJSON_Parse(line);

    ck_assert_msg(cJSON_IsObject(event), "not a JSON object: %s", line);
    ck_assert_msg(
        cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(event, "time")) &&
            cJSON_IsString(cJSON_GetObjectItemCaseSensitive(event, "event")),
        "no time or no event: %s", line);
    check_event(event, line);
    if (log->count == log->capacity) {
        log->capacity = log->capacity ? 2 * log->capacity : 64;
        log->events =
            realloc(log->events, log->capacity * sizeof(*log->events));
        ck_assert(log->events != NULL);
    }
    log->events[log->count++] = event;
}

static void add_byte(struct event_log *log, char byte)
{
    if (log->line_bytes == log->line_capacity) {
        log->line_capacity = log->line_capacity ? 2 * log->line_capacity : 512;
        log->line = realloc(log->line, log->line_capacity);
        ck_assert(log->line != NULL);
    }
    log->line[log->line_bytes++] = byte;
}

void event_log_follow(struct event_log *log)
{
    int byte;

    /* The file may still grow. */
    clearerr(log->file);
    while ((byte = getc(log->file)) != EOF) {
        add_byte(log, byte == '\n' ? '\0' : (char)byte);
        if (byte == '\n') {
            add_event(log, log->line);
            log->line_bytes = 0;
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
    ck_assert_msg(pattern != NULL, "invalid pattern: %s", text);
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

static const cJSON *find(const struct event_log *log, size_t nth,
                         const cJSON *pattern)
{
    for (size_t i = 0; i < log->count; i++) {
        if (matches(log->events[i], pattern) && --nth == 0)
            return log->events[i];
    }
    return NULL;
}

size_t event_log_count(struct event_log *log, const char *format, ...)
{
    size_t count = 0;
    va_list arguments;
    cJSON *pattern;

    va_start(arguments, format);
    pattern = pattern_read(format, arguments);
    va_end(arguments);
    event_log_follow(log);
    for (size_t i = 0; i < log->count; i++)
        count += matches(log->events[i], pattern);
    cJSON_Delete(pattern);
    return count;
}

const cJSON *event_log_find(struct event_log *log, size_t nth,
                            const char *format, ...)
{
    const cJSON *event;
    va_list arguments;
    cJSON *pattern;

    va_start(arguments, format);
    pattern = pattern_read(format, arguments);
    va_end(arguments);
    event_log_follow(log);
    event = find(log, nth, pattern);
    cJSON_Delete(pattern);
    return event;
}

const cJSON *event_log_await(struct event_log *log, size_t nth,
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
        event_log_follow(log);
        event = find(log, nth, pattern);
        if (event)
            break;
        ck_assert_msg(deadline_nap(deadline),
                      "timeout: fewer than %zu events match %s", nth, text);
    }
    cJSON_free(text);
    cJSON_Delete(pattern);
    return event;
}

const cJSON *event_log_last(struct event_log *log)
{
    event_log_follow(log);
    return log->count ? log->events[log->count - 1] : NULL;
}

double event_number(const cJSON *event, const char *path)
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

const char *event_text(const cJSON *event, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(event, name);

    ck_assert_msg(cJSON_IsString(member) || cJSON_IsNull(member),
                  "no string %s", name);
    return cJSON_IsNull(member) ? NULL : member->valuestring;
}
