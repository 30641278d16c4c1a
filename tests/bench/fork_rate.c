/*
 * fork_rate.c - yardstick: how often a second a process that has nothing can
 * fork a child that does nothing, and reap it.
 *
 *   fork_rate MILLISECONDS
 *
 * Prints forks per second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    double start = seconds();
    double limit = argc == 2 ? atof(argv[1]) / 1000 : 0;
    unsigned long forks = 0;

    if (limit <= 0)
        return 2;
    for (; seconds() - start < limit; forks++) {
        pid_t child = fork();

        if (child < 0)
            return 1;
        if (child == 0)
            _exit(0);
        waitpid(child, NULL, 0);
    }
    printf("%.0f\n", (double)forks / (seconds() - start));
    return 0;
}
