/*
 * random.h - one stream of random numbers from one seed.
 *
 * Pure: the stream is a value, so the same seed gives the same decisions, and
 * a run can be replayed.  xoshiro256** seeded by splitmix64 (Blackman and
 * Vigna, "Scrambled linear pseudorandom number generators", 2018).  Not for
 * secrets.
 */
#ifndef SUPERVISOR_POLICY_RANDOM_H
#define SUPERVISOR_POLICY_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state[4];
};

/* Starts the stream of `seed`; every seed, 0 included, is a good one. */
void random_seed(struct random *random, uint64_t seed);

/* The next 64 bits. */
uint64_t random_next(struct random *random);

/* An even choice from 0 to `bound` - 1, without modulo bias; 0 for bound 0. */
uint64_t random_below(struct random *random, uint64_t bound);

/* Evenly from [0, 1), 53 bits. */
double random_unit(struct random *random);

/* Exponentially distributed with the given mean: the time to the next event of
 * a Poisson process, in the unit of the mean. */
double random_exponential(struct random *random, double mean);

#endif
