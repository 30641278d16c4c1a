/* SPDX-License-Identifier: MIT */
/*
 * main.c - a long run that checks whether any resource grows.
 *
 *   soak SECONDS [SEED]
 *
 * Runs half of the time with each kind of handoff.  Samples the supervisor
 * every second, fits a line through the samples after the warm-up, and compares
 * its resources at rest before and after the run.  Exit status 0: nothing grew,
 * nothing was lost, the totals balance.
 */
#include "tests/soak/soak.h"
#include "worker/clock.h"
#include <stdio.h>
#include <stdlib.h>

#define SECONDS_MIN 10
#define SECONDS_MAX (24 * 3600)
/* In shorter runs the first filling of buffers looks like growth. */
#define SECONDS_FOR_SLOPES 600

static void print_success(uint64_t seconds)
{
    printf("\npassed: the totals balance, nothing was lost, and at rest there "
           "are as many\ndescriptors, memfds and children as before; no curve "
           "rose by more than its tolerance%s\n",
           seconds < SECONDS_FOR_SLOPES
               ? ";\nthe run was too short for slopes, which need ten minutes"
               : "");
}

int main(int argc, char **argv)
{
    static const char *const handoffs[] = { "request", "connection" };
    long seconds = argc > 1 ? strtol(argv[1], NULL, 10) : 600;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : clock_wall_us();
    unsigned wrong = 0;

    if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) {
        fprintf(stderr, "soak: SECONDS must be from %d to %d\n", SECONDS_MIN,
                SECONDS_MAX);
        return 2;
    }
    for (size_t i = 0; i < 2; i++)
        wrong += soak(handoffs[i], (uint64_t)seconds / 2, seed + i);
    if (wrong == 0)
        print_success((uint64_t)seconds);
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
