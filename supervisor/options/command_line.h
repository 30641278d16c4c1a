/* SPDX-License-Identifier: MIT */
/*
 * command_line.h - reads options and operands from argv, and prints --help.
 *
 * Options are --name VALUE or --name=VALUE, and -n VALUE or -nVALUE for those
 * with a letter.  --help and -h are options of every command.
 */
#ifndef SUPERVISOR_OPTIONS_COMMAND_LINE_H
#define SUPERVISOR_OPTIONS_COMMAND_LINE_H

#include "supervisor/options/option.h"
#include <stdio.h>

struct command_line {
    const char *name;    /* "supervisor", "chaos client" */
    const char *usage;   /* what follows the name: "[options] URL" */
    const char *version; /* what --version prints; NULL: no such option */
    const char *about;   /* a paragraph that describes the command */
    const char *after;   /* the end of the help, or NULL */
    const struct option_row *rows;
    size_t count;
    bool *given;         /* for each row: whether it was given; or NULL */
    const char *operand; /* name of the operands; NULL: none are allowed */
    int operands_min, operands_max;
    int columns; /* width of the help; 0: 79 */
};

enum options_outcome {
    OPTIONS_RUN,
    OPTIONS_DONE,  /* --help or --version was printed: exit with 0 */
    OPTIONS_REFUSE /* one line was written to `err`: exit with 2 */
};

/*
 * Fills `fields` from the defaults and from argv; argv[0] is the command's
 * name.  If an option is repeated, the last value counts.  If operands are
 * allowed, `--` ends the options, and operands, which may be mixed with
 * options, are moved to argv[1] and following; returns their number in
 * *operands, which may be NULL if none are allowed.  Text values point into
 * argv.
 */
enum options_outcome command_line_read(const struct command_line *line,
                                       void *fields, int argc, char **argv,
                                       int *operands, FILE *out, FILE *err);

/* Writes a line that begins with the first word of the command's name.  Returns
 * OPTIONS_REFUSE. */
enum options_outcome command_line_refuse(const struct command_line *line,
                                         FILE *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void command_line_help(const struct command_line *line, FILE *out);

/* --help, and --version, which is the last one. */
#define COMMAND_LINE_COMMON 2
extern const struct option_row command_line_common[COMMAND_LINE_COMMON];

#endif
