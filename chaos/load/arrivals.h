/* SPDX-License-Identifier: MIT */
/*
 * arrivals.h - computes when the requests of an open loop are due.
 *
 * Pure.  The times depend only on the rate and the seed, never on response
 * times.  So a slow server's latency is measured in full (no coordinated
 * omission).
 */
#ifndef CHAOS_LOAD_ARRIVALS_H
#define CHAOS_LOAD_ARRIVALS_H

#include "supervisor/policy/random.h"
#include <stdbool.h>
#include <stdint.h>

struct arrivals {
    double per_second; /* more than 0 */
    bool poisson;      /* random arrivals; false: evenly spaced */
    uint64_t start_us;
    uint64_t number;  /* of the next request */
    double offset_us; /* of the next request, from start_us */
    struct random random;
};

void arrivals_begin(struct arrivals *arrivals, double per_second, bool poisson,
                    uint64_t seed, uint64_t start_us);

/* When the next request is due. */
uint64_t arrivals_due_us(const struct arrivals *arrivals);

/* Advances to the request after the next one. */
void arrivals_advance(struct arrivals *arrivals);

#endif
