/*
 * option.h - one table for what people may set, on a command line or in an
 * experiment file.
 *
 * A row says how a value is written, what it may be, where it goes and what
 * it means, so that parsing, defaults, help and documentation cannot differ.
 */
#ifndef CHAOS_EXPERIMENT_OPTION_H
#define CHAOS_EXPERIMENT_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_value_kind {
    OPTION_VALUE_FLAG,  /* bool: on a command line without a value, else yes, no
                         */
    OPTION_VALUE_COUNT, /* uint64_t */
    OPTION_VALUE_TIME,  /* uint64_t, microseconds: us, ms, s, m */
    OPTION_VALUE_SIZE,  /* uint64_t, bytes: k, m */
    OPTION_VALUE_REAL,  /* double */
    OPTION_VALUE_SHARE, /* double, 0 to 1: 0.25 or 25% */
    OPTION_VALUE_TEXT,  /* char *, points to the text given, or NULL */
    OPTION_VALUE_CHOICE, /* int: index into `choices` */
    OPTION_VALUE_SIGNAL, /* int: KILL, SIGKILL or 9 */
    OPTION_VALUE_LIST /* struct setting_list: texts, as often as it is given */
};

#define OPTION_VALUE_LIST_MAX 64

struct option_list {
    const char *items[OPTION_VALUE_LIST_MAX];
    uint32_t count;
};

struct option {
    const char *name; /* p99 in a file, --p99 on a command line */
    enum option_value_kind kind;
    size_t offset;              /* in the struct that is filled */
    const char *preset;         /* as text; NULL: the field stays as it is */
    const char *what;           /* of the value, for help: TIME, N, URL */
    const char *help;           /* one line, without its default */
    const char *const *choices; /* NULL-terminated, for OPTION_VALUE_CHOICE */
    double min, max;            /* inclusive, for numbers; both 0: any */
};

#define OPTION_VALUE_WHY 192 /* bytes that hold any complaint */

/* Sets one field of `fields` from `text`.  Returns true, or false with a
 * complaint in `why` that names what is allowed. */
bool option_value_set(const struct option *setting, void *fields,
                      const char *text, char why[OPTION_VALUE_WHY]);

/* Sets all fields to their presets, which must be sound. */
void options_set_defaults(const struct option *settings, size_t count,
                          void *fields);

/* The row named `name`, or NULL. */
const struct option *options_find(const struct option *settings, size_t count,
                                  const char *name);

/* Writes the field's value as it would be typed.  Returns `buffer`. */
const char *option_value_write(const struct option *setting, const void *fields,
                               char *buffer, size_t size);

/* What it means, in full: with its choices and its default.  Returns
 * `buffer`. */
const char *option_describe(const struct option *setting, char *buffer,
                            size_t size);

/* What a sub-command takes. */
struct command_line {
    const char *usage; /* "chaos client [options] URL" */
    const char *about; /* what it does: a paragraph */
    const char *after; /* what help says last, likewise; or NULL */
    const struct option *settings;
    size_t count;
    const char *operand; /* how its operands are called; NULL: it has none */
    int operands_min, operands_max;
    /* Each option that was given and taken; or NULL. */
    void (*on_option)(void *fields, const struct option *setting);
};

/*
 * Fills `fields` from the presets and from argv (argv[0] is the sub-command's
 * name).  Options are --name VALUE or --name=VALUE, or -n VALUE for a name of
 * one letter; `--` ends them.
 * Operands, which may stand among the options, are moved to argv[1] and
 * after; *operands becomes their number.
 * Returns true to go on; or false with the exit status to leave with: 0 when
 * --help was given and printed, 2 when one line on standard error said why not.
 */
bool arguments_read(const struct command_line *line, void *fields, int argc,
                    char **argv, int *operands, int *status);

#endif
