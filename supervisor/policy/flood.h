/*
 * flood.h - when a worker says more than a sound one can.
 *
 * Pure.  A sound worker sends RETURN once for each handoff, which the
 * supervisor checks by itself.  What else it may say:
 *
 *   COUNT      in request handoff once for each handoff; else once for each
 *              request: FLOOD_COUNTS_PER_S_MAX a second, in bursts of as many
 *   all other  FLOOD_OTHERS_MAX in its life: ONLINE and ANSWERED once, LEAVING
 *              a few times
 *
 * A worker that says more is corrupt.
 */
#ifndef SUPERVISOR_POLICY_FLOOD_H
#define SUPERVISOR_POLICY_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

/* No sound worker may ever reach it: one that had only such requests sent
 * 29,000 a second on two loaded CPUs.  Below it a flood is only slowed down, by
 * what the supervisor reads of one worker in one turn. */
#define FLOOD_COUNTS_PER_S_MAX 250000
#define FLOOD_OTHERS_MAX       16

/* What one worker has said.  Zeroed: nothing yet. */
struct flood {
    uint32_t others;
    uint64_t handoff;    /* the last one that counted; 0: none */
    uint64_t counted_us; /* the last COUNT without a handoff; monotonic */
    uint64_t debt_us;    /* for how long nothing more may be counted until all
                            COUNTs are within the rate */
};

/* Notes a COUNT at `now_us`, monotonic, and returns false if a sound worker
 * does not send it.  `handoff` is the handoff that it belongs to, from 1,
 * where each may count once; else 0. */
bool flood_allows_count(struct flood *flood, uint64_t handoff, uint64_t now_us);

/* The same for any other message but RETURN. */
bool flood_allows_other(struct flood *flood);

#endif
