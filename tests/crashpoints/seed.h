/*
 * seed.h - the one number that says which sample is taken.
 */
#ifndef TESTS_CRASHPOINTS_SEED_H
#define TESTS_CRASHPOINTS_SEED_H

#include <stdint.h>

/* Chooses it: what the environment's SEED says, else at random.  Before the
 * first test. */
void seed_choose(void);

uint64_t seed_of_run(void);

#endif
