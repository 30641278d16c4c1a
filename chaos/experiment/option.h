/* SPDX-License-Identifier: MIT */
/*
 * option.h - tables of options, for command lines and experiment files.
 *
 * One row defines an option's syntax, allowed values, field and description, so
 * that parsing, defaults, help and documentation cannot differ.
 */
#ifndef CHAOS_EXPERIMENT_OPTION_H
#define CHAOS_EXPERIMENT_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_value_kind {
    OPTION_VALUE_FLAG,  /* bool: no value on a command line; yes or no in a file
                         */
    OPTION_VALUE_COUNT, /* uint64_t */
    OPTION_VALUE_TIME,  /* uint64_t, microseconds: us, ms, s, m */
    OPTION_VALUE_SIZE,  /* uint64_t, bytes: k, m */
    OPTION_VALUE_REAL,  /* double */
    OPTION_VALUE_SHARE, /* double, 0 to 1: 0.25 or 25% */
    OPTION_VALUE_TEXT,  /* const char *: the text given (not copied), or NULL */
    OPTION_VALUE_CHOICE, /* int: index into `choices` */
    OPTION_VALUE_SIGNAL, /* int: KILL, SIGKILL or 9 */
    OPTION_VALUE_LIST /* struct option_list: one text each time it is given */
};

#define OPTION_VALUE_LIST_MAX 64

struct option_list {
    const char *items[OPTION_VALUE_LIST_MAX];
    uint32_t count;
};

struct option {
    const char *name; /* p99 in a file, --p99 on a command line */
    enum option_value_kind kind;
    size_t offset;            /* of the field in the struct that is filled */
    const char *default_text; /* default as text; NULL: the field stays as is */
    const char *placeholder;  /* of the value in help: TIME, URL */
    const char *help;         /* one line, without its default */
    const char *const *choices; /* NULL-terminated, for OPTION_VALUE_CHOICE */
    double min, max;            /* inclusive, for numbers; both 0: any */
};

#define OPTION_VALUE_WHY 192 /* size of an error message */

/* Sets one field of `fields` from `text`.  Returns false with an error message
 * in `why` that names the allowed values. */
bool option_value_set(const struct option *option, void *fields,
                      const char *text, char why[OPTION_VALUE_WHY]);

/* Sets all fields to their defaults.  Aborts on an invalid default. */
void options_set_defaults(const struct option *option_table, size_t count,
                          void *fields);

/* The row named `name`, or NULL. */
const struct option *options_find(const struct option *option_table,
                                  size_t count, const char *name);

/* Writes the field's value in the syntax of option_value_set.  Returns
 * `buffer`. */
const char *option_value_write(const struct option *option, const void *fields,
                               char *buffer, size_t size);

/* Writes the description with choices and default.  Returns `buffer`. */
const char *option_describe(const struct option *option, char *buffer,
                            size_t size);

/* The command line of a sub-command. */
struct command_line {
    const char *usage; /* "chaos client [options] URL" */
    const char *about; /* a paragraph that describes the sub-command */
    const char *after; /* the last paragraph of the help, or NULL */
    const struct option *option_table;
    size_t count;
    const char *operand; /* name of the operands in messages; NULL: none */
    int operands_min, operands_max;
    /* Called for each valid option given; may be NULL. */
    void (*on_option)(void *fields, const struct option *option);
};

/*
 * Fills `fields` from the defaults and from argv (argv[0] is the sub-command's
 * name).  Options are --name VALUE or --name=VALUE, or -n VALUE for a name of
 * one letter; `--` ends them.  Operands, which may be mixed with options, are
 * moved to argv[1] and following; *operands is set to their number.
 * Returns true if the command is to run.  Otherwise returns false with the
 * exit status in *status: 0 after printing --help, 2 after printing one line
 * of error on standard error.
 */
bool arguments_read(const struct command_line *line, void *fields, int argc,
                    char **argv, int *operands, int *status);

#endif
