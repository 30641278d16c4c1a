/*
 * arrivals.h - when the requests of an open loop are due.
 *
 * Pure.  The times depend on the rate and the seed alone, never on how fast
 * answers come: that is what makes the loop open, and a slow server's latency
 * visible (no coordinated omission).
 */
#ifndef CHAOS_LOAD_ARRIVALS_H
#define CHAOS_LOAD_ARRIVALS_H

#include "supervisor/policy/random.h"
#include <stdbool.h>
#include <stdint.h>

struct arrivals {
    double per_second; /* more than 0 */
    bool poisson;      /* arrivals at random; else evenly spaced */
    uint64_t start_us;
    uint64_t number;  /* of the request that is due next */
    double offset_us; /* when, counted from start_us */
    struct random random;
};

void arrivals_begin(struct arrivals *arrivals, double per_second, bool poisson,
                    uint64_t seed, uint64_t start_us);

/* When the next request is due. */
uint64_t arrivals_due_us(const struct arrivals *arrivals);

/* That request is taken; the one after it is next. */
void arrivals_advance(struct arrivals *arrivals);

#endif
