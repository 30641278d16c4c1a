/* SPDX-License-Identifier: MIT */
/*
 * suite.h - runs a system suite.
 */
#ifndef TESTS_HARNESS_SUITE_H
#define TESTS_HARNESS_SUITE_H

#include <check.h>

/* Returns a case with a long timeout that kills the supervisors of a failed
 * test. */
TCase *suite_case(const char *name);

/* Runs the tests of one case; returns what main() returns. */
int suite_run(TCase *cases, const char *name);

#endif
