/* main.c - reads the command line, then runs the supervisor or explains. */
#include "supervisor/explain.h"
#include "supervisor/options.h"
#include "supervisor/supervisor.h"
#include "supervisor/system/clock.h"
#include <stdio.h>
#include <sys/random.h>

#define EXIT_BAD_INPUT 2

static uint64_t choose_seed(void)
{
    uint64_t seed;

    return getrandom(&seed, sizeof(seed), GRND_NONBLOCK) ==
                   (ssize_t)sizeof(seed)
               ? seed
               : clock_wall_us();
}

int main(int argc, char **argv)
{
    struct options options;

    switch (options_read(&options, argc, argv, stdout, stderr)) {
    case OPTIONS_DONE:
        return 0;
    case OPTIONS_REFUSE:
        return EXIT_BAD_INPUT;
    case OPTIONS_RUN:
        break;
    }
    if (!options.seed_given)
        options.seed = choose_seed();
    if (options.explain) {
        explain_print(&options, stdout);
        return 0;
    }
    return supervisor_run(&options);
}
