/* SPDX-License-Identifier: MIT */
/*
 * leftover_processes.h - processes that a test started indirectly and that must
 * not outlive it.
 */
#ifndef TESTS_HARNESS_LEFTOVER_PROCESSES_H
#define TESTS_HARNESS_LEFTOVER_PROCESSES_H

/* Returns how many processes have `mark` in their command line. */
unsigned left_behind(const char *mark);

/* Waits until there is none; fails the test at the deadline. */
void left_behind_none(const char *mark);

#endif
