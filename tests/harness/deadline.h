/* SPDX-License-Identifier: MIT */
/*
 * deadline.h - how long a test waits for a condition before it gives up.
 *
 * Generous: a deadline is reached only when something is broken, so that a
 * slow machine never makes a test red.  Instrumented builds get more.
 */
#ifndef TESTS_HARNESS_DEADLINE_H
#define TESTS_HARNESS_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

struct deadline {
    uint64_t at_ms; /* monotonic */
};

/* How much longer everything may take under the sanitizers. */
unsigned deadline_factor(void);

/* The deadline every wait of these tests has: a minute from now, times the
 * factor. */
struct deadline deadline_start(void);

bool deadline_passed(struct deadline deadline);

/* What poll(2) takes; 0 once it has passed. */
int deadline_left_ms(struct deadline deadline);

/* Between two looks at a condition: a millisecond, or false when there is no
 * time left:  while (!condition()) ck_assert(deadline_nap(deadline)); */
bool deadline_nap(struct deadline deadline);

#endif
