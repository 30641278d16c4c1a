/* SPDX-License-Identifier: MIT */
/*
 * tiny_lesson.h - a small lesson of a test, in its own folder, run by the chaos
 * program.
 */
#ifndef TESTS_HARNESS_CHAOS_TINY_LESSON_H
#define TESTS_HARNESS_CHAOS_TINY_LESSON_H

#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/reports.h"
#include <stdbool.h>

/* The state of the current test. */
struct tiny_lesson {
    struct reports folder;
    char mark[64];        /* occurs in the command lines of its supervisors */
    struct chaos_run run; /* the last run */
};
extern struct tiny_lesson tiny_lesson;

/* A checked fixture: makes the folder; removes it, and fails the test if a
 * process is left. */
void tiny_lesson_setup(void);
void tiny_lesson_teardown(void);

/* Writes FOLDER/NAME: two cases of requests to the supervisor, `seconds` each,
 * with `fields` and the expectation `expected`. */
void tiny_lesson_write(const char *name, const char *seconds,
                       const char *fields, const char *expected);

/* Runs the lesson with that name or number, or "all", with output to
 * FOLDER/out; fails the test if the exit status is not `status`. */
void tiny_lesson_run(const char *name, int status);

/* Fails the test if the last run did not print `text`. */
void tiny_lesson_says(const char *text);

/* Returns whether FOLDER/NAME exists. */
bool tiny_lesson_left(const char *name);

#endif
