/* SPDX-License-Identifier: MIT */
/* journal.c - see journal.h. */
#include "tests/bench/journal.h"
#include <cjson/cJSON.h>
#include <string.h>

static int number_of(const cJSON *line, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, name);

    return cJSON_IsNumber(item) ? (int)item->valuedouble : -1;
}

static void decode(const char *text, struct journal_event *event)
{
    cJSON *line = cJSON_Parse(text);
    const cJSON *time = cJSON_GetObjectItemCaseSensitive(line, "time");
    const char *name =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "event"));

    *event = (struct journal_event){
        .time = cJSON_IsNumber(time) ? time->valuedouble : 0,
        .slot = number_of(line, "slot"),
        .pid = number_of(line, "pid"),
        .port = number_of(line, "port"),
    };
    snprintf(event->event, sizeof event->event, "%s", name ? name : "");
    cJSON_Delete(line);
}

bool journal_next(FILE *file, struct journal_event *event)
{
    char text[4096];
    long start;

    if (!file)
        return false;
    start = ftell(file);
    clearerr(file);
    if (!fgets(text, sizeof text, file) || !strchr(text, '\n')) {
        /* A partial line is read again when it is complete. */
        fseek(file, start, SEEK_SET);
        return false;
    }
    decode(text, event);
    return true;
}
