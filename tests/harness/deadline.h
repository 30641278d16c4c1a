/* SPDX-License-Identifier: MIT */
/*
 * deadline.h - how long a test waits for a condition.
 *
 * Deadlines are long, so that a test does not fail because a machine is slow.
 * Instrumented builds get more time.
 */
#ifndef TESTS_HARNESS_DEADLINE_H
#define TESTS_HARNESS_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

struct deadline {
    uint64_t at_ms; /* monotonic */
};

/* The factor for all times in builds with sanitizers; otherwise 1. */
unsigned deadline_factor(void);

/* Returns the deadline for a wait that begins now: one minute, or
 * TEST_DEADLINE_S seconds if that is set in the environment; times the
 * factor. */
struct deadline deadline_start(void);

bool deadline_passed(struct deadline deadline);

/* The remaining time in ms, as for poll(2); 0 once the deadline has passed. */
int deadline_left_ms(struct deadline deadline);

/* Sleeps for a millisecond between two checks of a condition.  Returns false if
 * the deadline has passed:  while (!condition())
 * ck_assert(deadline_nap(deadline)); */
bool deadline_nap(struct deadline deadline);

#endif
