/* main.c - which sub-command. */
#include "chaos/cli/commands.h"
#include "chaos/measure/console.h"
#include "chaos/measure/version.h"
#include "supervisor/system/std_fds.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} commands[] = {
    { "demo", command_demo,
      "workers die all the while, and a client watches (about 40 s)" },
    { "lesson", command_lesson,
      "the course: what restarts buy, cost and hide; each lesson a run" },
    { "run", command_run, "an experiment: load, faults, verdict, report" },
    { "check", command_check, "an experiment as it would be run; all keys" },
    { "replay", command_replay,
      "an earlier run again, with the same injections" },
    { "report", command_report, "an earlier run's report, drawn again" },
    { "compare", command_compare, "earlier runs, side by side" },
    { "client", command_client,
      "load and verification alone, against any HTTP server" },
    { "monkey", command_monkey,
      "faults alone, on the children of any process" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(void)
{
    printf("usage: chaos COMMAND [options]\n\n"
           "Learns what a crash costs the clients of a server, by causing "
           "some.\n\nCommands:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-10s%s\n", commands[i].name, commands[i].about);
    printf("\n`chaos COMMAND --help` says more.  Exit status: 0 what was "
           "claimed held,\n1 it did not, 2 bad input, 3 inconclusive: nothing "
           "can be "
           "said.\n");
}

static void print_version(void)
{
    printf("chaos %s\n", CHAOS_VERSION);
}

/* What has no operand has one too many. */
static int alone(int argc, char **argv, void (*print)(void))
{
    if (argc == 2) {
        print();
        return EXIT_HELD;
    }
    fprintf(stderr, "chaos: %s: goes with no other; see chaos --help\n",
            argv[2]);
    return EXIT_BAD_INPUT;
}

static int run_command(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";

    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return alone(argc, argv, print_help);
    if (strcmp(name, "--version") == 0)
        return alone(argc, argv, print_version);
    if (*name)
        fprintf(stderr, "chaos: \"%s\" is no command; see chaos --help\n",
                name);
    else
        fprintf(stderr, "chaos: no command; see chaos --help\n");
    return EXIT_BAD_INPUT;
}

int main(int argc, char **argv)
{
    int status;

    std_fds_open();
    signal(SIGPIPE, SIG_IGN);
    if (!console_open()) {
        fprintf(stderr, "chaos: no memory for the standard streams\n");
        return EXIT_INCONCLUSIVE;
    }
    status = run_command(argc, argv);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_HELD) {
        fprintf(stderr, "chaos: cannot write to standard output\n");
        return EXIT_INCONCLUSIVE;
    }
    return status;
}
