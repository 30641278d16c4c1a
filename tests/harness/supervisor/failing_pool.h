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

/* Not 0, like the monotonic clock. */
#define START_US (12345 * S)

/* The limits of the pool. */
#define LIMIT        10
#define WINDOW_US    (5 * S)
#define PROBE_US     (1 * S)
#define PROBE_CAP_US (5 * S)

/* Returns a pool without events. */
struct intensity fresh_pool(uint32_t limit, enum on_crash_loop on_loop);

/* Returns a pool that detected a crash loop at START_US. */
struct intensity looping_pool(enum on_crash_loop on_loop);

/* Records a fork and a failure.  Returns whether this is a crash loop. */
bool fork_and_fail(struct intensity *intensity, uint64_t now_us);

/* Returns whether a pool without workers may fork one. */
bool permits(const struct intensity *intensity, uint64_t now_us);

#endif
