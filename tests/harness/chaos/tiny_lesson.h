/* SPDX-License-Identifier: MIT */
/*
 * tiny_lesson.h - a lesson of a test's own, in a folder of its own, run as
 * people run lessons.
 */
#ifndef TESTS_HARNESS_CHAOS_TINY_LESSON_H
#define TESTS_HARNESS_CHAOS_TINY_LESSON_H

#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/reports.h"
#include <stdbool.h>

/* What the test that runs now has. */
struct tiny_lesson {
    struct reports folder;
    char mark[64];        /* in the command lines of its supervisors */
    struct chaos_run run; /* the last */
};
extern struct tiny_lesson tiny_lesson;

/* A checked fixture: makes the folder; removes it, and sees that nothing is
 * left behind. */
void tiny_lesson_setup(void);
void tiny_lesson_teardown(void);

/* Writes FOLDER/NAME: two cases of requests to our supervisor, `seconds` each,
 * with `fields` and the expectation `expected`. */
void tiny_lesson_write(const char *name, const char *seconds,
                       const char *fields, const char *expected);

/* Runs the lesson of that name or number, or "all", into FOLDER/out; it must
 * end with `status`. */
void tiny_lesson_run(const char *name, int status);

/* The last run said that. */
void tiny_lesson_says(const char *text);

/* Is there FOLDER/NAME? */
bool tiny_lesson_left(const char *name);

#endif
