/* SPDX-License-Identifier: MIT */
/*
 * schedule.h - chooses the worker that gets the next connection.
 *
 * Pure.  RR is round robin (Node's SCHED_RR); LEAST is the worker with the
 * fewest connections, ties in round-robin order.  With SHARED and REUSEPORT the
 * workers accept connections themselves and the kernel chooses: the worker that
 * wakes up first on one shared listener (Node's SCHED_NONE), or by a hash among
 * the listeners of the workers.
 */
#ifndef SUPERVISOR_POLICY_SCHEDULE_H
#define SUPERVISOR_POLICY_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum schedule_kind {
    SCHEDULE_RR,
    SCHEDULE_LEAST,
    SCHEDULE_SHARED,
    SCHEDULE_REUSEPORT,
    SCHEDULE_KINDS
};

/* Does the kernel choose?  Then schedule_pick() must not be called. */
bool schedule_by_kernel(enum schedule_kind kind);

/* "rr", "least", "shared", "reuseport". */
const char *schedule_name(enum schedule_kind kind);

/* loads[i] of a worker that must not be chosen. */
#define SCHEDULE_CLOSED UINT32_MAX

/*
 * Chooses one of `count` workers; worker i has loads[i] connections.  *cursor
 * is where the search begins, 0 at first; the function moves it past the chosen
 * worker.  `count` may differ from call to call.  Returns the index, or `count`
 * if all workers are SCHEDULE_CLOSED.
 */
size_t schedule_pick(enum schedule_kind kind, const uint32_t *loads,
                     size_t count, size_t *cursor);

#endif
