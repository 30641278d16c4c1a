/* SPDX-License-Identifier: MIT */
/* fork_rate.c - see fork_rate.h. */
#include "chaos/trial/fork_rate.h"
#include "worker/clock.h"
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEASURE_US 250000

/* Forks and reaps children that exit, one at a time.  Returns their number per
 * second; 0 if fork fails. */
static unsigned forks_per_second(void)
{
    uint64_t start_us = clock_monotonic_us(), now_us;
    uint64_t forks = 0;

    do {
        pid_t child = fork();

        if (child < 0)
            return 0;
        if (child == 0)
            _exit(0);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            ;
        forks++;
        now_us = clock_monotonic_us();
    } while (now_us - start_us < MEASURE_US);
    return (unsigned)(forks * 1000000 / (now_us - start_us));
}

double fork_rate_limit(double max, double share)
{
    double rate = share * forks_per_second();

    if (rate < FORK_RATE_MIN)
        rate = FORK_RATE_MIN;
    return rate < max ? rate : max;
}
