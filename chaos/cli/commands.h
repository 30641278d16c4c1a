/*
 * commands.h - the sub-commands of chaos, one a file.
 *
 * Each takes its own argv (argv[0] is its name) and returns one of the statuses
 * of measure/exit_status.h.
 */
#ifndef CHAOS_CLI_COMMANDS_H
#define CHAOS_CLI_COMMANDS_H

#include "chaos/measure/exit_status.h"

/* One line on standard error that says why not.  Returns EXIT_BAD_INPUT. */
int command_refuse(const char *why);

int command_check(int argc, char **argv);
int command_client(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_lesson(int argc, char **argv);
int command_monkey(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_report(int argc, char **argv);
int command_run(int argc, char **argv);

#endif
