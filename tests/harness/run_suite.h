/* SPDX-License-Identifier: MIT */
/*
 * run_suite.h - runs the test cases of one unit.
 *
 * Each test is a separate process (Check's fork mode), so that a crash fails
 * only one test.
 */
#ifndef TESTS_HARNESS_RUN_SUITE_H
#define TESTS_HARNESS_RUN_SUITE_H

#include <check.h>

/* The number of rows of a table, for tcase_add_loop_test(). */
#define ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Runs `cases`, and frees them.  Returns what main returns: 0 if all passed. */
int run_suite(const char *name, TCase *cases);

#endif
