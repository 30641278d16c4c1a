/* SPDX-License-Identifier: MIT */
/* seed.c - the seed is chosen once, by the process that forks the tests. */
#include "tests/crashpoints/seed.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* A small number is easy to type. */
#define SEED_LIMIT 1000000

static uint64_t seed;

void seed_choose(void)
{
    const char *text = getenv("SEED");

    if (text && *text)
        seed = strtoull(text, NULL, 10);
    else if (getrandom(&seed, sizeof(seed), 0) == sizeof(seed))
        seed %= SEED_LIMIT;
    printf("SEED=%lu\n", (unsigned long)seed);
}

uint64_t seed_of_run(void)
{
    return seed;
}
