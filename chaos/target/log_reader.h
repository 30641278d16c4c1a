/* SPDX-License-Identifier: MIT */
/*
 * log_reader.h - parses the log of a target, line by line.
 *
 * Parses the supervisor's JSON log.  Of other lines it recognizes only
 * "listening on 127.0.0.1:8086"; the rest become LOG_EVENT_OTHER with their
 * text.
 */
#ifndef CHAOS_TARGET_LOG_READER_H
#define CHAOS_TARGET_LOG_READER_H

#include "supervisor/log/event_table.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The kind of a line that is no event of the supervisor's log. */
#define LOG_EVENT_OTHER LOG_EVENT_COUNT

/* The `totals` event, at the end of the supervisor's log. */
struct log_totals {
    bool were_logged;
    bool balanced; /* the supervisor's own check of its sums */
    uint64_t begun, answered, answered_after_retry, refused, client_gone, lost;
    uint64_t exits, forks;
};

/* One line.  A missing field is 0, or -1 where noted. */
struct log_event {
    enum log_event_id kind;
    double time; /* seconds since the epoch */
    pid_t pid;
    int64_t slot, generation; /* -1: none */
    int64_t port;
    int64_t code;    /* -1: none */
    bool voluntary;  /* the exit was requested */
    char signal[16]; /* "SIGKILL", or empty */
    char cause[16];  /* of an exit, from the supervisor; or empty */
    uint64_t uptime_ms, responses, unfinished;
    struct log_totals totals;
    const char *text; /* the line; valid only during the callback */
};

#define LOG_EVENT_TEXT_SIZE 192 /* max size of log_event_exit_words */

/* Writes an exit as text: "worker 3 pid 33095 exited: code 1, signal null, up
 * 12 ms, 1 response".  Returns `buffer`. */
const char *log_event_exit_words(char buffer[LOG_EVENT_TEXT_SIZE],
                                 const struct log_event *log_event);

#define LOG_LINE_MAX 8192

struct log_reader {
    char line[LOG_LINE_MAX];
    size_t length;
    bool overlong;         /* the line is too long and is ignored */
    uint64_t bytes, lines; /* read so far */
};

/* Parses one line without its newline. */
void log_event_read(struct log_event *log_event, const char *line);

/* Takes bytes as they arrive and calls back for every whole line. */
void log_reader_feed(struct log_reader *reader, const char *bytes, size_t count,
                     void (*on_log_event)(void *context,
                                          const struct log_event *log_event),
                     void *context);

#endif
