/* SPDX-License-Identifier: MIT */
/* log_reader.c - see log_reader.h. */
#include "chaos/target/log_reader.h"
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static enum log_event_id kind_of(const cJSON *object)
{
    const char *name =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "event"));
    const struct event_row *row = name ? event_table_find(name) : NULL;

    return row ? (enum log_event_id)(row - event_table) : LOG_EVENT_OTHER;
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

static void read_totals(struct log_totals *totals, const cJSON *object)
{
    const cJSON *requests =
        cJSON_GetObjectItemCaseSensitive(object, "requests");

    *totals = (struct log_totals){
        .were_logged = true,
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

/* Parses "listening on 127.0.0.1:8086 ...", from the supervisor's text log or
 * another target.  Returns 0 for other lines. */
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

void log_event_read(struct log_event *log_event, const char *line)
{
    cJSON *object = *line == '{' ? cJSON_Parse(line) : NULL;
    const char *signal = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(object, "signal"));
    const char *cause =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "cause"));

    *log_event = (struct log_event){
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
        .unfinished = count(object, "unfinished"),
        .text = line,
    };
    if (!object && (log_event->port = port_in_words(line)) > 0)
        log_event->kind = LOG_EVENT_LISTENING;
    if (signal)
        snprintf(log_event->signal, sizeof(log_event->signal), "%s", signal);
    if (cause)
        snprintf(log_event->cause, sizeof(log_event->cause), "%s", cause);
    if (log_event->kind == LOG_EVENT_TOTALS)
        read_totals(&log_event->totals, object);
    cJSON_Delete(object);
}

const char *log_event_exit_words(char buffer[LOG_EVENT_TEXT_SIZE],
                                 const struct log_event *log_event)
{
    char who[32] = "spare", how[48] = "code null";
    size_t length;

    if (log_event->slot >= 0)
        snprintf(who, sizeof(who), "worker %lld", (long long)log_event->slot);
    if (log_event->code >= 0)
        snprintf(how, sizeof(how), "code %lld", (long long)log_event->code);
    snprintf(buffer, LOG_EVENT_TEXT_SIZE,
             "%s pid %d exited: %s, signal %s, up %llu ms", who,
             (int)log_event->pid, how,
             log_event->signal[0] ? log_event->signal : "null",
             (unsigned long long)log_event->uptime_ms);
    length = strlen(buffer);
    if (log_event->responses > 0)
        snprintf(buffer + length, LOG_EVENT_TEXT_SIZE - length,
                 ", %llu response%s", (unsigned long long)log_event->responses,
                 log_event->responses > 1 ? "s" : "");
    length = strlen(buffer);
    if (log_event->unfinished > 0)
        snprintf(buffer + length, LOG_EVENT_TEXT_SIZE - length,
                 ", %llu request%s in progress",
                 (unsigned long long)log_event->unfinished,
                 log_event->unfinished > 1 ? "s" : "");
    return buffer;
}

static void end_line(struct log_reader *reader,
                     void (*on_log_event)(void *, const struct log_event *),
                     void *context)
{
    struct log_event log_event;

    reader->line[reader->length] = '\0';
    reader->length = 0;
    reader->lines++;
    if (reader->overlong) {
        reader->overlong = false;
        return;
    }
    log_event_read(&log_event, reader->line);
    on_log_event(context, &log_event);
}

void log_reader_feed(struct log_reader *reader, const char *bytes, size_t size,
                     void (*on_log_event)(void *, const struct log_event *),
                     void *context)
{
    reader->bytes += size;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n')
            end_line(reader, on_log_event, context);
        else if (reader->length + 1 < LOG_LINE_MAX)
            reader->line[reader->length++] = bytes[i];
        else
            reader->overlong = true;
    }
}
