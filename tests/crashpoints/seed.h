/* SPDX-License-Identifier: MIT */
/*
 * seed.h - the seed that determines the samples of a run.
 */
#ifndef TESTS_CRASHPOINTS_SEED_H
#define TESTS_CRASHPOINTS_SEED_H

#include <stdint.h>

/* Takes the seed from the environment variable SEED, or chooses one at random.
 * Call it before the first test. */
void seed_choose(void);

uint64_t seed_of_run(void);

#endif
