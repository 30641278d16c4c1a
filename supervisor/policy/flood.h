/* SPDX-License-Identifier: MIT */
/*
 * flood.h - detects a worker that sends too many messages.
 *
 * Pure.  A worker that exceeds these limits is corrupt:
 *
 *   COUNT      in request handoff, one per handoff; otherwise
 *              FLOOD_COUNTS_PER_S_MAX per second, in bursts of the same number
 *   others     FLOOD_OTHERS_MAX in its lifetime (ONLINE and ANSWERED once,
 *              LEAVING a few times)
 *
 * RETURN is not limited here: the supervisor accepts one per handoff.
 */
#ifndef SUPERVISOR_POLICY_FLOOD_H
#define SUPERVISOR_POLICY_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

/* Must be out of reach of a correct worker: one with nothing but such requests
 * sent 29,000 per second on two loaded CPUs. */
#define FLOOD_COUNTS_PER_S_MAX 250000
#define FLOOD_OTHERS_MAX       16

/* Messages of one worker; zero-initialized. */
struct flood {
    uint32_t others;
    uint64_t handoff;    /* of the last COUNT; 0: none */
    uint64_t counted_us; /* time of the last COUNT without a handoff */
    uint64_t debt_us;    /* fill level of the leaky bucket, as time */
};

/* Notes a COUNT at `now_us` (monotonic).  `handoff` is the number of its
 * handoff, from 1, in request handoff; else 0.  Returns false if it exceeds the
 * limit. */
bool flood_allows_count(struct flood *flood, uint64_t handoff, uint64_t now_us);

/* The same for messages other than COUNT and RETURN. */
bool flood_allows_other(struct flood *flood);

#endif
