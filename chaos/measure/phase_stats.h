/* SPDX-License-Identifier: MIT */
/*
 * phase_stats.h - the measurements of one phase of a run.
 *
 * Pure.  A request belongs to the phase in which it was first due, however late
 * it ends.
 */
#ifndef CHAOS_MEASURE_PHASE_STATS_H
#define CHAOS_MEASURE_PHASE_STATS_H

#include "chaos/measure/histogram.h"
#include "chaos/measure/outcomes.h"
#include "chaos/measure/verdict.h"
#include <stdint.h>

struct phase_stats {
    struct request_outcomes ledger;
    struct histogram latency;  /* of OK responses, from the time at which the
                                  first try was due */
    struct histogram lateness; /* of the client, in sending requests */
    uint64_t start_us, end_us; /* end_us: 0 while the phase lasts */
    uint64_t last_ok_us;       /* or start_us */
    uint64_t gap_us;           /* the longest time without an OK response */
    uint64_t gap_from_us;      /* when that gap began */
};

void phase_stats_begin(struct phase_stats *phase_stats, uint64_t now_us);

/* A request of this phase, first due at `first_us`, ended at `now_us`. */
void phase_stats_record(struct phase_stats *phase_stats, enum outcome outcome,
                        uint64_t first_us, uint64_t now_us);

/* An OK response arrived.  Call it for the current phase, whose gap it ends,
 * even if the request belongs to an earlier phase. */
void phase_stats_succeed(struct phase_stats *phase_stats, uint64_t now_us);

/* Ends the phase: no more requests are due in it. */
void phase_stats_close(struct phase_stats *phase_stats, uint64_t now_us);

/* The figures that verdict_reach() needs.  Close the phase first. */
struct figures phase_stats_figures(const struct phase_stats *phase_stats);

#endif
