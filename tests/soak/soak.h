/*
 * soak.h - one supervisor in a run, from its start to the verdict.
 */
#ifndef TESTS_SOAK_SOAK_H
#define TESTS_SOAK_SOAK_H

#include <stdint.h>

/* Runs it for so long, with lines of progress.  Returns how many things were
 * wrong, each of which it has said. */
unsigned soak(const char *handoff, uint64_t seconds, uint64_t seed);

#endif
