/* SPDX-License-Identifier: MIT */
/* arrivals.c - see arrivals.h. */
#include "chaos/load/arrivals.h"

void arrivals_begin(struct arrivals *arrivals, double per_second, bool poisson,
                    uint64_t seed, uint64_t start_us)
{
    *arrivals = (struct arrivals){ .per_second = per_second,
                                   .poisson = poisson,
                                   .start_us = start_us };
    random_seed(&arrivals->random, seed);
}

uint64_t arrivals_due_us(const struct arrivals *arrivals)
{
    return arrivals->start_us + (uint64_t)arrivals->offset_us;
}

void arrivals_advance(struct arrivals *arrivals)
{
    double mean_us = 1e6 / arrivals->per_second;

    arrivals->number++;
    /* Evenly spaced: computed from the number, because a sum would drift. */
    if (arrivals->poisson)
        arrivals->offset_us += random_exponential(&arrivals->random, mean_us);
    else
        arrivals->offset_us = (double)arrivals->number * mean_us;
}
