/* SPDX-License-Identifier: MIT */
/*
 * commands.h - the sub-commands of chaos, each in a file of its own.
 *
 * Each takes its own argv, of which argv[0] is the command's name, and returns
 * an exit status of measure/exit_status.h.
 */
#ifndef CHAOS_CLI_COMMANDS_H
#define CHAOS_CLI_COMMANDS_H

#include "chaos/measure/exit_status.h"
#include "supervisor/options/command_line.h"

/* As command_line_read() with the standard streams.  Returns whether the
 * command is to run; if not, *status is its exit status. */
bool arguments_read(const struct command_line *line, void *fields, int argc,
                    char **argv, int *operands, int *status);

/* Prints the line `why` to standard error.  Returns EXIT_BAD_INPUT. */
int command_refuse(const char *why);

#define OVERRIDES_ALLOWED "SECTION.KEY=VALUE, at most 64 times"

int command_check(int argc, char **argv);
int command_client(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_lesson(int argc, char **argv);
int command_monkey(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_report(int argc, char **argv);
int command_run(int argc, char **argv);

#endif
