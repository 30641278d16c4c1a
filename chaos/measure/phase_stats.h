/*
 * phase_stats.h - what was measured over one stretch of a run.
 *
 * Pure.  A request belongs to the stretch in which it was due, however late
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
    struct histogram latency;  /* of OK answers, from the intended time of the
                                  first try */
    struct histogram lateness; /* of the client itself, at sending */
    uint64_t start_us, end_us; /* end: 0 while it goes on */
    uint64_t last_ok_us;       /* or the start */
    uint64_t gap_us;           /* the longest time without any success */
    uint64_t gap_from_us;      /* when that began */
};

void phase_stats_begin(struct phase_stats *phase_stats, uint64_t now_us);

/* A request of its own ended, at `now_us`; it was wanted at `first_us`. */
void phase_stats_record(struct phase_stats *phase_stats, enum outcome outcome,
                        uint64_t first_us, uint64_t now_us);

/* There was a success, whichever stretch its request belongs to: to be told to
 * the one that is being measured, whose gap it ends. */
void phase_stats_succeed(struct phase_stats *phase_stats, uint64_t now_us);

/* No request is due in it any more. */
void phase_stats_close(struct phase_stats *phase_stats, uint64_t now_us);

/* What a verdict wants to know; meant for a closed phase_stats. */
struct figures phase_stats_figures(const struct phase_stats *phase_stats);

#endif
