/* SPDX-License-Identifier: MIT */
/*
 * failing_pool.h - a pool whose workers fail, in simulated time.
 *
 * For the tests of intensity.h.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_FAILING_POOL_H
#define TESTS_HARNESS_SUPERVISOR_FAILING_POOL_H

#include "supervisor/policy/intensity.h"

#define MS UINT64_C(1000)
#define S  (1000 * MS)

/* Monotonic time does not begin at 0. */
#define START_US (12345 * S)

/* The rule of this pool. */
#define LIMIT        10
#define WINDOW_US    (5 * S)
#define PROBE_US     (1 * S)
#define PROBE_CAP_US (5 * S)

/* A pool that has done nothing yet. */
struct intensity fresh_pool(uint32_t limit, enum on_crash_loop on_loop);

/* A pool in which the verdict fell at START_US. */
struct intensity looping_pool(enum on_crash_loop on_loop);

/* A worker is forked and fails.  Does the verdict fall? */
bool fork_and_fail(struct intensity *intensity, uint64_t now_us);

/* May a pool without workers fork one? */
bool permits(const struct intensity *intensity, uint64_t now_us);

#endif
