/* arrivals.c - see arrivals.h. */
#include "chaos/load/arrivals.h"

void pace_begin(struct pace *pace, double per_second, bool poisson,
                uint64_t seed, uint64_t start_us)
{
    *pace = (struct pace){ .per_second = per_second,
                           .poisson = poisson,
                           .start_us = start_us };
    random_seed(&pace->random, seed);
}

uint64_t pace_due_us(const struct pace *pace)
{
    return pace->start_us + (uint64_t)pace->offset_us;
}

void pace_advance(struct pace *pace)
{
    double mean_us = 1e6 / pace->per_second;

    pace->number++;
    /* From the number, where it can be: a sum would drift. */
    if (pace->poisson)
        pace->offset_us += random_exponential(&pace->random, mean_us);
    else
        pace->offset_us = (double)pace->number * mean_us;
}
