/* SPDX-License-Identifier: MIT */
/* journal.c - see journal.h. */
#include "tests/bench/journal.h"
#include <string.h>

bool journal_next(FILE *file, struct log_event *event)
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
    *strchr(text, '\n') = '\0';
    log_event_read(event, text);
    return true;
}
