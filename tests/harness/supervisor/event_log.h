/* SPDX-License-Identifier: MIT */
/*
 * event_log.h - follows the JSON Lines log of a supervisor while it grows.
 *
 * Events are picked by patterns: objects whose members an event must have with
 * equal values; members that are not named do not matter.  Patterns are JSON
 * with single quotes, worded with printf(3):
 *
 *     event_log_await(log, 3, "{'event':'exit','pid':%d}", pid)
 */
#ifndef TESTS_HARNESS_SUPERVISOR_EVENT_LOG_H
#define TESTS_HARNESS_SUPERVISOR_EVENT_LOG_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct event_log {
    FILE *file;
    cJSON **events; /* one a line, in order; owned */
    size_t count, capacity;
    char *line; /* the one being read */
    size_t line_bytes, line_capacity;
};

/* Opens `path`, which may still be empty; fails the test if it cannot. */
void event_log_open(struct event_log *log, const char *path);
void event_log_close(struct event_log *log);

/* Takes in what has been written since; a line that is not one JSON object
 * with a time and an event, and with exactly the fields that
 * supervisor/log/event_table.c lists for that event, fails the test. */
void event_log_follow(struct event_log *log);

/* How many events so far match. */
__attribute__((format(printf, 2, 3))) size_t
event_log_count(struct event_log *log, const char *pattern, ...);

/* The n-th event that matches (1: the first), or NULL.  Owned by the
 * log. */
__attribute__((format(printf, 3, 4))) const cJSON *
event_log_find(struct event_log *log, size_t nth, const char *pattern, ...);

/* The same, but waits until there is one; fails the test at the deadline. */
__attribute__((format(printf, 3, 4))) const cJSON *
event_log_await(struct event_log *log, size_t nth, const char *pattern, ...);

/* The last event, or NULL. */
const cJSON *event_log_last(struct event_log *log);

/* A number out of an event; fails the test if there is none.  The path names
 * members: "requests.answered". */
double event_number(const cJSON *event, const char *path);

/* A text out of an event, or NULL if the member is null; fails the test if it
 * is anything else. */
const char *event_text(const cJSON *event, const char *name);

#endif
