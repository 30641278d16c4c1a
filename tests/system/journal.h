/*
 * journal.h - follows the JSON Lines log of a supervisor while it grows.
 *
 * Events are picked by patterns: objects whose members an event must have with
 * equal values; members that are not named do not matter.  Patterns are JSON
 * with single quotes, worded with printf(3):
 *
 *     journal_await(journal, 3, "{'event':'exit','pid':%d}", pid)
 */
#ifndef TESTS_SYSTEM_JOURNAL_H
#define TESTS_SYSTEM_JOURNAL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct journal {
    FILE *file;
    cJSON **events; /* one a line, in order; owned */
    size_t count, room;
    char *line; /* the one being read */
    size_t line_bytes, line_room;
};

/* Opens `path`, which may still be empty; fails the test if it cannot. */
void journal_open(struct journal *journal, const char *path);
void journal_close(struct journal *journal);

/* Takes in what has been written since; a line that is not one JSON object
 * with a time and an event fails the test. */
void journal_follow(struct journal *journal);

/* How many events so far match. */
__attribute__((format(printf, 2, 3))) size_t
journal_count(struct journal *journal, const char *pattern, ...);

/* The n-th event that matches (1: the first), or NULL.  Owned by the
 * journal. */
__attribute__((format(printf, 3, 4))) const cJSON *
journal_find(struct journal *journal, size_t nth, const char *pattern, ...);

/* The same, but waits until there is one; fails the test at the deadline. */
__attribute__((format(printf, 3, 4))) const cJSON *
journal_await(struct journal *journal, size_t nth, const char *pattern, ...);

/* The last event, or NULL. */
const cJSON *journal_last(struct journal *journal);

/* A number out of an event; fails the test if there is none.  The path names
 * members: "requests.answered". */
double journal_number(const cJSON *event, const char *path);

/* A text out of an event, or NULL if the member is null; fails the test if it
 * is anything else. */
const char *journal_text(const cJSON *event, const char *name);

#endif
