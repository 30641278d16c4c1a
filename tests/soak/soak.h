/* SPDX-License-Identifier: MIT */
/*
 * soak.h - one soak run of one supervisor.
 */
#ifndef TESTS_SOAK_SOAK_H
#define TESTS_SOAK_SOAK_H

#include <stdint.h>

/* Soaks a supervisor for `seconds` and prints lines of progress.  Returns the
 * number of defects found, after printing each of them. */
unsigned soak(const char *handoff, uint64_t seconds, uint64_t seed);

#endif
