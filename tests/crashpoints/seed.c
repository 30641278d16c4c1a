/* seed.c - chosen once, by the process that forks the tests. */
#include "tests/crashpoints/seed.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* So that it is easily typed. */
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
