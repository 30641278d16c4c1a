/* log_reader.c - see log_reader.h. */
#include "chaos/target/log_reader.h"
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum news_kind kind;
} kinds[] = {
    { "listening", NEWS_LISTENING }, { "fork", NEWS_FORK },
    { "online", NEWS_ONLINE },       { "promote", NEWS_PROMOTE },
    { "exit", NEWS_EXIT },           { "resume-request", NEWS_TAKE_UP },
    { "failure", NEWS_FAILURE },     { "totals", NEWS_TOTALS },
};

static enum news_kind kind_of(const cJSON *object)
{
    const char *name =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "event"));

    for (size_t i = 0; name && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return kinds[i].kind;
    return NEWS_OTHER;
}

static double number(const cJSON *object, const char *name, double otherwise)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : otherwise;
}

static uint64_t count(const cJSON *object, const char *name)
{
    double value = number(object, name, 0);

    return value > 0 ? (uint64_t)value : 0;
}

static void read_totals(struct totals *totals, const cJSON *object)
{
    const cJSON *requests =
        cJSON_GetObjectItemCaseSensitive(object, "requests");

    *totals = (struct totals){
        .known = true,
        .balanced =
            cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "balanced")),
        .begun = count(requests, "begun"),
        .answered = count(requests, "answered"),
        .answered_after_retry = count(requests, "answered_after_retry"),
        .refused = count(requests, "refused"),
        .client_gone = count(requests, "client_gone"),
        .lost = count(requests, "lost"),
        .exits = count(object, "exits"),
        .forks = count(object, "forks"),
    };
}

/* "listening on 127.0.0.1:8086 ...", as the supervisor's log for people has it,
 * and others' may; 0 if it is no such line. */
static int64_t port_in_words(const char *line)
{
    static const char words[] = "listening on ";
    const char *address = line + sizeof(words) - 1, *colon;
    unsigned port;

    if (strncmp(line, words, sizeof(words) - 1) != 0)
        return 0;
    colon = memrchr(address, ':', strcspn(address, " "));
    return colon && sscanf(colon, ":%5u", &port) == 1 && port <= UINT16_MAX
               ? port
               : 0;
}

void news_read(struct news *news, const char *line)
{
    cJSON *object = *line == '{' ? cJSON_Parse(line) : NULL;
    const char *signal = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(object, "signal"));
    const char *cause =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "cause"));

    *news = (struct news){
        .kind = kind_of(object),
        .time = number(object, "time", 0),
        .pid = (pid_t)number(object, "pid", 0),
        .slot = (int64_t)number(object, "slot", -1),
        .generation = (int64_t)number(object, "generation", -1),
        .port = (int64_t)number(object, "port", 0),
        .code = (int64_t)number(object, "code", -1),
        .voluntary =
            cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "voluntary")),
        .uptime_ms = count(object, "uptime_ms"),
        .responses = count(object, "responses"),
        .in_hand = count(object, "in_hand"),
        .text = line,
    };
    if (!object && (news->port = port_in_words(line)) > 0)
        news->kind = NEWS_LISTENING;
    if (signal)
        snprintf(news->signal, sizeof(news->signal), "%s", signal);
    if (cause)
        snprintf(news->cause, sizeof(news->cause), "%s", cause);
    if (news->kind == NEWS_TOTALS)
        read_totals(&news->totals, object);
    cJSON_Delete(object);
}

const char *news_exit_words(char buffer[NEWS_WORDS_SIZE],
                            const struct news *news)
{
    char who[32] = "spare", how[48] = "code null";
    size_t length;

    if (news->slot >= 0)
        snprintf(who, sizeof(who), "worker %lld", (long long)news->slot);
    if (news->code >= 0)
        snprintf(how, sizeof(how), "code %lld", (long long)news->code);
    snprintf(buffer, NEWS_WORDS_SIZE,
             "%s pid %d exited: %s, signal %s, up %llu ms", who, (int)news->pid,
             how, news->signal[0] ? news->signal : "null",
             (unsigned long long)news->uptime_ms);
    length = strlen(buffer);
    if (news->responses > 0)
        snprintf(buffer + length, NEWS_WORDS_SIZE - length, ", %llu response%s",
                 (unsigned long long)news->responses,
                 news->responses > 1 ? "s" : "");
    length = strlen(buffer);
    if (news->in_hand > 0)
        snprintf(buffer + length, NEWS_WORDS_SIZE - length,
                 ", %llu request%s in hand", (unsigned long long)news->in_hand,
                 news->in_hand > 1 ? "s" : "");
    return buffer;
}

static void end_line(struct log_reader *reader,
                     void (*on_news)(void *, const struct news *),
                     void *context)
{
    struct news news;

    reader->line[reader->length] = '\0';
    reader->length = 0;
    reader->lines++;
    if (reader->overlong) {
        reader->overlong = false;
        return;
    }
    news_read(&news, reader->line);
    on_news(context, &news);
}

void log_reader_feed(struct log_reader *reader, const char *bytes, size_t size,
                     void (*on_news)(void *, const struct news *),
                     void *context)
{
    reader->bytes += size;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n')
            end_line(reader, on_news, context);
        else if (reader->length + 1 < LOG_LINE_MAX)
            reader->line[reader->length++] = bytes[i];
        else
            reader->overlong = true;
    }
}
