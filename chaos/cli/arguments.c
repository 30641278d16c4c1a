/* SPDX-License-Identifier: MIT */
/* arguments.c - reads a command's arguments; see commands.h. */
#include "chaos/cli/commands.h"
#include "chaos/report/terminal.h"

bool arguments_read(const struct command_line *line, void *fields, int argc,
                    char **argv, int *operands, int *status)
{
    struct command_line fitting = *line;
    enum options_outcome outcome;

    fitting.columns = terminal_columns(stdout);
    outcome = command_line_read(&fitting, fields, argc, argv, operands, stdout,
                                stderr);
    *status = outcome == OPTIONS_REFUSE ? EXIT_BAD_INPUT : EXIT_HELD;
    return outcome == OPTIONS_RUN;
}

int command_refuse(const char *why)
{
    fprintf(stderr, "chaos: %s\n", why);
    return EXIT_BAD_INPUT;
}
