/*
 * demo_run.h - two trials of our own supervisor, told as a story.
 *
 * The first lets workers exit after each response while others are killed;
 * the second is its negative control, with --no-retain.
 */
#ifndef CHAOS_CLI_DEMO_RUN_H
#define CHAOS_CLI_DEMO_RUN_H

#include <stdint.h>

struct demo {
    const char *supervisor; /* path of the program */
    uint64_t seed;
    unsigned workers;
    unsigned rate; /* requests a second; demo_rate() */
    uint16_t port; /* 0: the kernel chooses */
    uint64_t first_us, second_us;
};

/* How many requests a second suit this machine, as busy as it is now. */
unsigned demo_rate(void);

/* Runs both, printing as they go.  Returns the exit status: 0 when the first
 * lost nothing and the second did, else 1. */
int demo_run(const struct demo *demo);

#endif
