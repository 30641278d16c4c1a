/* SPDX-License-Identifier: MIT */
/*
 * demo_run.h - two trials of the supervisor, printed as they run.
 *
 * In the first, every worker exits after each response and some are killed.
 * The second is the negative control: the same with --no-retain.
 */
#ifndef CHAOS_CLI_DEMO_RUN_H
#define CHAOS_CLI_DEMO_RUN_H

#include <stdint.h>

struct demo {
    const char *supervisor; /* path of the program */
    uint64_t seed;
    unsigned workers;
    unsigned rate; /* requests per second; see demo_rate() */
    uint16_t port; /* 0: the kernel chooses */
    uint64_t first_us, second_us;
};

/* Measures how many requests per second this machine can answer now. */
unsigned demo_rate(void);

/* Runs and prints both parts.  Returns the exit status: 0 if the first part
 * lost nothing and the second lost requests, otherwise 1. */
int demo_run(const struct demo *demo);

#endif
