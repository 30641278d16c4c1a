/* SPDX-License-Identifier: MIT */
/* main.c - runs the supervisor, or prints what an option asks for. */
#include "supervisor/log/event_table.h"
#include "supervisor/options/explain.h"
#include "supervisor/options/options.h"
#include "supervisor/supervisor.h"
#include "supervisor/system/std_fds.h"
#include "worker/clock.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define EXIT_BAD_INPUT 2

#define EVENTS_TEXT_BYTES 32768

static uint64_t choose_seed(void)
{
    uint64_t seed;

    return getrandom(&seed, sizeof(seed), GRND_NONBLOCK) ==
                   (ssize_t)sizeof(seed)
               ? seed
               : clock_wall_us();
}

static int end_of_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_SUCCESS;
    perror("supervisor: cannot write");
    return EXIT_FAILURE;
}

static void list_events(void)
{
    static char text[EVENTS_TEXT_BYTES];

    event_table_markdown(text, sizeof(text));
    fputs(text, stdout);
}

int main(int argc, char **argv)
{
    struct options options;

    std_fds_open();
    switch (options_read(&options, argc, argv, stdout, stderr)) {
    case OPTIONS_DONE:
        return end_of_output();
    case OPTIONS_REFUSE:
        return EXIT_BAD_INPUT;
    case OPTIONS_RUN:
        break;
    }
    if (!options.seed_given)
        options.seed = choose_seed();
    if (options.explain) {
        explain_print(&options, stdout);
        return end_of_output();
    }
    if (options.list_events) {
        list_events();
        return end_of_output();
    }
    return supervisor_run(&options);
}
