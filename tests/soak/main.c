/*
 * main.c - a long run, and whether anything grows in it.
 *
 *   soak SECONDS [SEED]
 *
 * Half of the time with each kind of handoff.  Looks at the supervisor every
 * second, fits a line through what it saw once all was warm, and compares what
 * it holds at rest before and behind.  Exit status 0: nothing grew, nothing was
 * lost, the totals add up.
 */
#include "supervisor/system/clock.h"
#include "tests/soak/soak.h"
#include <stdio.h>
#include <stdlib.h>

#define SECONDS_MIN 10
#define SECONDS_MAX (24 * 3600)
/* Below this the first filling of buffers passes for growth. */
#define SECONDS_TELLING 600

/* A slope an hour, out of seconds, is a guess. */
static void tell_what_held(uint64_t seconds)
{
    printf("\nheld: the totals add up, nothing was lost, and at rest there "
           "are as many\ndescriptors, memfds and children as before; no curve "
           "rose beyond its tolerance%s\n",
           seconds < SECONDS_TELLING ? ",\nbut this was too short for slopes: "
                                       "they want ten minutes"
                                     : "");
}

int main(int argc, char **argv)
{
    static const char *const handoffs[] = { "request", "connection" };
    long seconds = argc > 1 ? strtol(argv[1], NULL, 10) : 600;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : clock_wall_us();
    unsigned wrong = 0;

    if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) {
        fprintf(stderr, "soak: %d to %d seconds\n", SECONDS_MIN, SECONDS_MAX);
        return 2;
    }
    for (size_t i = 0; i < 2; i++)
        wrong += soak(handoffs[i], (uint64_t)seconds / 2, seed + i);
    if (wrong == 0)
        tell_what_held((uint64_t)seconds);
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
