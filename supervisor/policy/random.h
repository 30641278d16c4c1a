/* SPDX-License-Identifier: MIT */
/*
 * random.h - a seeded random number generator.
 *
 * Pure: the same seed gives the same numbers, so a run can be replayed.
 * xoshiro256** seeded by splitmix64 (Blackman and Vigna, "Scrambled linear
 * pseudorandom number generators", 2018).  Not for secrets.
 */
#ifndef SUPERVISOR_POLICY_RANDOM_H
#define SUPERVISOR_POLICY_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state[4];
};

/* Any seed is suitable, including 0. */
void random_seed(struct random *random, uint64_t seed);

uint64_t random_next(struct random *random);

/* Uniform from 0 to `bound` - 1, without modulo bias; 0 for bound 0. */
uint64_t random_below(struct random *random, uint64_t bound);

/* Uniform in [0, 1), 53 bits. */
double random_unit(struct random *random);

/* Exponentially distributed: the time to the next event of a Poisson process,
 * in the unit of `mean`. */
double random_exponential(struct random *random, double mean);

#endif
