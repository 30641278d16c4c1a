/* SPDX-License-Identifier: MIT */
/*
 * chaos_run.h - runs the chaos program as a user would.
 */
#ifndef TESTS_HARNESS_CHAOS_CHAOS_RUN_H
#define TESTS_HARNESS_CHAOS_CHAOS_RUN_H

#include <cjson/cJSON.h>

struct chaos_run {
    int status;  /* its exit status; -1 if a signal ended it */
    char *text;  /* standard output and standard error */
    cJSON *last; /* the last line, if it is a JSON object; else NULL */
};

/* Runs `build/chaos ARGUMENTS` and waits for its exit. */
__attribute__((format(printf, 2, 3))) void
chaos_run(struct chaos_run *run, const char *arguments, ...);

/* Fails the test if a line is longer than 80 columns. */
void chaos_run_fits(const struct chaos_run *run);

void chaos_run_free(struct chaos_run *run);

/* Returns the number at `path` ("classes.ok") of the last line; fails the test
 * if there is none. */
double chaos_run_number(const struct chaos_run *run, const char *path);

#endif
