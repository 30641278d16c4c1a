/* SPDX-License-Identifier: MIT */
/*
 * bare_process.c - yardstick: the cost of a process that does nothing.
 *
 *   bare_process MILLISECONDS
 *
 * Prints the forks per second of a minimal process whose children exit
 * immediately and are reaped, and the median time from the SIGKILL of an idle
 * child until it is reaped, in microseconds.  Each is measured for
 * MILLISECONDS.
 */
#include "worker/clock.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLS_MAX 100000

static double seconds(void)
{
    return (double)clock_monotonic_us() / 1e6;
}

static double forks_a_second(double limit_s)
{
    double start = seconds();
    unsigned long forks = 0;

    for (; seconds() - start < limit_s; forks++) {
        pid_t child = fork();

        if (child < 0)
            exit(1);
        if (child == 0)
            _exit(0);
        waitpid(child, NULL, 0);
    }
    return (double)forks / (seconds() - start);
}

/* Forks a child, waits until it is idle, kills and reaps it. */
static double kill_one_us(void)
{
    int ready[2];
    char byte = 0;
    double start;
    pid_t child;

    if (pipe(ready) < 0 || (child = fork()) < 0)
        exit(1);
    if (child == 0) {
        if (write(ready[1], &byte, 1) == 1)
            pause();
        _exit(0);
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1)
        exit(1);
    close(ready[0]);
    start = seconds();
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return (seconds() - start) * 1e6;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median_kill_us(double limit_s)
{
    static double kills_us[KILLS_MAX];
    double start = seconds();
    size_t count = 0;

    while (count == 0 || (count < KILLS_MAX && seconds() - start < limit_s))
        kills_us[count++] = kill_one_us();
    qsort(kills_us, count, sizeof *kills_us, ascending);
    return kills_us[count / 2];
}

int main(int argc, char **argv)
{
    double limit_s = argc == 2 ? atof(argv[1]) / 1000 : 0;

    if (limit_s <= 0)
        return 2;
    printf("%.0f ", forks_a_second(limit_s));
    fflush(stdout);
    printf("%.0f\n", median_kill_us(limit_s));
    return 0;
}
