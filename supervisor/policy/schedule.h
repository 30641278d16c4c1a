/*
 * schedule.h - which worker gets the next connection.
 *
 * Pure.  Round robin is Node's SCHED_RR; "least" is the fewest in hand, ties in
 * round-robin order.  With the other two the workers accept themselves, and who
 * gets what is the kernel's choice: by who is woken first from one listener
 * (Node's SCHED_NONE), or by a hash, from a listener each.
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

/* Is the choice the kernel's?  Then there is nothing to pick. */
bool schedule_by_kernel(enum schedule_kind kind);

/* "rr", "least", "shared", "reuseport". */
const char *schedule_name(enum schedule_kind kind);

/* `in_hand` for a worker that may not be chosen. */
#define SCHEDULE_CLOSED UINT32_MAX

/*
 * Chooses among `count` workers, of which the i-th has in_hand[i] connections.
 * *cursor says where this search begins, and is moved behind the choice; start
 * it with 0.  `count` may change from call to call.  Returns the index, or
 * `count` if every worker is closed.
 */
size_t schedule_pick(enum schedule_kind kind, const uint32_t *in_hand,
                     size_t count, size_t *cursor);

#endif
