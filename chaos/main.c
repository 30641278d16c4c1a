/* SPDX-License-Identifier: MIT */
/* main.c - runs the sub-command that the first argument names. */
#include "chaos/cli/commands.h"
#include "chaos/measure/console.h"
#include "supervisor/system/std_fds.h"
#include "worker/version.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} commands[] = {
    { "lesson", command_lesson,
      "the course: what restarts buy, cost and hide, in experiments" },
    { "run", command_run, "run an experiment: load, faults, verdict, report" },
    { "check", command_check,
      "print an experiment as it would be run, or all keys" },
    { "replay", command_replay,
      "run an experiment again, with the same injections" },
    { "report", command_report, "write the reports of an earlier run again" },
    { "compare", command_compare, "compare earlier runs" },
    { "client", command_client,
      "send requests to any HTTP server and verify its responses" },
    { "monkey", command_monkey,
      "inject faults into the children of any process" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(void)
{
    printf("Usage: chaos COMMAND [options]\n\n"
           "Measures what a crash costs the clients of a server, by causing "
           "crashes.\n\nCommands:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-10s%s\n", commands[i].name, commands[i].about);
    printf("\n`chaos COMMAND --help` describes a command.  Exit status: 0 the "
           "claims held,\n1 they did not, 2 bad input, 3 inconclusive.\n");
}

static void print_version(void)
{
    printf("chaos %s\n", PROGRAM_VERSION);
}

static int print_only(int argc, char **argv, void (*print)(void))
{
    if (argc == 2) {
        print();
        return EXIT_HELD;
    }
    fprintf(stderr, "chaos: %s: takes no arguments (see chaos --help)\n",
            argv[1]);
    return EXIT_BAD_INPUT;
}

static int run_command(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    char shown[64];

    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return print_only(argc, argv, print_help);
    if (strcmp(name, "--version") == 0)
        return print_only(argc, argv, print_version);
    if (*name)
        fprintf(stderr, "chaos: '%s': unknown command (see chaos --help)\n",
                option_printable(name, shown, sizeof(shown)));
    else
        fprintf(stderr, "chaos: COMMAND: missing (usage: chaos COMMAND "
                        "[options])\n");
    return EXIT_BAD_INPUT;
}

int main(int argc, char **argv)
{
    int status;

    std_fds_open();
    signal(SIGPIPE, SIG_IGN);
    if (!console_open()) {
        fprintf(stderr, "chaos: standard streams: out of memory\n");
        return EXIT_INCONCLUSIVE;
    }
    status = run_command(argc, argv);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_HELD) {
        fprintf(stderr, "chaos: cannot write to standard output\n");
        return EXIT_INCONCLUSIVE;
    }
    return status;
}
