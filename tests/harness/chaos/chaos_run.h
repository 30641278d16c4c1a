/* SPDX-License-Identifier: MIT */
/*
 * chaos_run.h - the real chaos program, run by a test as a user would run it.
 */
#ifndef TESTS_HARNESS_CHAOS_CHAOS_RUN_H
#define TESTS_HARNESS_CHAOS_CHAOS_RUN_H

#include <cjson/cJSON.h>

struct chaos_run {
    int status;  /* its exit status; -1 if a signal ended it */
    char *text;  /* what it printed, standard error too */
    cJSON *last; /* the last line, if it is a JSON object; else NULL */
};

/* Runs `build/chaos ARGUMENTS` to its end. */
__attribute__((format(printf, 2, 3))) void
chaos_run(struct chaos_run *run, const char *arguments, ...);

/* Every line fits a terminal of 80 columns; fails the test with one that does
 * not. */
void chaos_run_fits(const struct chaos_run *run);

void chaos_run_free(struct chaos_run *run);

/* A number out of the last line, by its path ("classes.ok"); fails the test
 * if it is not there. */
double chaos_run_number(const struct chaos_run *run, const char *path);

#endif
