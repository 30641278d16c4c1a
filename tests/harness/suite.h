/* SPDX-License-Identifier: MIT */
/*
 * suite.h - how every system suite is run.
 */
#ifndef TESTS_HARNESS_SUITE_H
#define TESTS_HARNESS_SUITE_H

#include <check.h>

/* A case whose tests have time enough, and whose supervisors are ended when
 * one fails. */
TCase *suite_case(const char *name);

/* Runs the tests of one case; returns what main() returns. */
int suite_run(TCase *cases, const char *name);

#endif
