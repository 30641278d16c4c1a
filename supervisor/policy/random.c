/* SPDX-License-Identifier: MIT */
/* random.c - xoshiro256**. */
#include "supervisor/policy/random.h"
#include <math.h>

static uint64_t rotate_left(uint64_t bits, int by)
{
    return bits << by | bits >> (64 - by);
}

/* One step of splitmix64.  Never returns four zeros in a row, the only state
 * that xoshiro256** cannot leave. */
static uint64_t splitmix(uint64_t *counter)
{
    uint64_t bits = *counter += UINT64_C(0x9e3779b97f4a7c15);

    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

void random_seed(struct random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        random->state[i] = splitmix(&seed);
}

uint64_t random_next(struct random *random)
{
    uint64_t *state = random->state;
    uint64_t result = rotate_left(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;

    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate_left(state[3], 45);
    return result;
}

uint64_t random_below(struct random *random, uint64_t bound)
{
    uint64_t rejected, bits;

    if (bound == 0)
        return 0;
    /* Rejects 2^64 mod bound values: their remainders would be too frequent. */
    rejected = (UINT64_MAX - bound + 1) % bound;
    do
        bits = random_next(random);
    while (bits < rejected);
    return bits % bound;
}

double random_unit(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

double random_exponential(struct random *random, double mean)
{
    /* 1 - random_unit() is in (0, 1]: its logarithm is finite. */
    return -mean * log(1.0 - random_unit(random));
}
