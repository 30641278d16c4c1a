/* SPDX-License-Identifier: MIT */
/*
 * event_log.h - follows the JSON Lines log of a supervisor while it grows.
 *
 * A pattern selects events: an event matches if it has all members of the
 * pattern with equal values.  Patterns are JSON with single quotes and a
 * printf(3) format:
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
    cJSON **events; /* one per line, in order; owned */
    size_t count, capacity;
    char *line; /* the line being read */
    size_t line_bytes, line_capacity;
};

/* Opens `path`, which may still be empty; fails the test if it cannot. */
void event_log_open(struct event_log *log, const char *path);
void event_log_close(struct event_log *log);

/* Reads the new lines.  Fails the test if a line is not one JSON object with a
 * time, an event, and exactly the fields that supervisor/log/event_table.c
 * lists for that event. */
void event_log_follow(struct event_log *log);

/* Returns how many events match so far. */
__attribute__((format(printf, 2, 3))) size_t
event_log_count(struct event_log *log, const char *pattern, ...);

/* Returns the n-th event that matches (1: the first), or NULL.  Owned by the
 * log. */
__attribute__((format(printf, 3, 4))) const cJSON *
event_log_find(struct event_log *log, size_t nth, const char *pattern, ...);

/* The same, but waits for the event; fails the test at the deadline. */
__attribute__((format(printf, 3, 4))) const cJSON *
event_log_await(struct event_log *log, size_t nth, const char *pattern, ...);

/* The last event, or NULL. */
const cJSON *event_log_last(struct event_log *log);

/* Returns a number of an event; fails the test if there is none.  The path
 * names nested members: "requests.answered". */
double event_number(const cJSON *event, const char *path);

/* Returns a string of an event, or NULL if the member is null; fails the test
 * if it is anything else. */
const char *event_text(const cJSON *event, const char *name);

#endif
