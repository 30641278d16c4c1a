/* SPDX-License-Identifier: MIT */
/*
 * option.h - tables of options, for command lines and experiment files.
 *
 * One row defines an option's name, values, field, default and description, so
 * that parsing, defaults, help and error messages cannot differ.  The options
 * of the supervisor, those of the commands of chaos and the keys of an
 * experiment are such tables.
 */
#ifndef SUPERVISOR_OPTIONS_OPTION_H
#define SUPERVISOR_OPTIONS_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The kind of a value, and the type of its field. */
enum option_kind {
    VALUE_FLAG,   /* bool; no value on a command line, yes or no in a file */
    VALUE_NUMBER, /* uint32_t */
    VALUE_COUNT,  /* uint64_t */
    VALUE_TIME,   /* uint64_t, microseconds: us, ms, s, m */
    VALUE_SIZE,   /* uint64_t, bytes: k, m */
    VALUE_REAL,   /* double */
    VALUE_SHARE,  /* double, 0 to 1: 0.25 or 25% */
    VALUE_CHOICE, /* an enum or int: index into `choices` */
    VALUE_SIGNAL, /* int: KILL, SIGKILL or 9 */
    VALUE_TEXT,   /* const char *: the text itself (not copied), or NULL */
    VALUE_PATH,   /* as VALUE_TEXT, but not empty */
    VALUE_LIST,   /* struct option_list: one text each time it is given */
    VALUE_CUSTOM  /* `set` parses it and `allowed` describes it */
};

#define OPTION_LIST_MAX 64

struct option_list {
    const char *items[OPTION_LIST_MAX];
    uint32_t count;
};

struct option_row {
    const char *name; /* --name on a command line, name in a file */
    enum option_kind kind;
    size_t field;               /* offset in the struct that is filled */
    const char *help;           /* description, without its default */
    const char *fallback;       /* default as text; NULL: the field stays */
    const char *fallback_help;  /* default in words, if it is computed */
    const char *value;          /* name of the value in help, if it is not that
                                   of the kind */
    const char *const *choices; /* NULL-terminated; see OPTION_CHOICES */
    double min, max;            /* inclusive, for numbers; max 0: that of the
                                   type */
    const char *group;          /* help: heading above; keys: section; NULL:
                                   as the row before */
    char letter;                /* -x, or 0 */
    const char *allowed;        /* which values, if it is not what the kind
                                   says */
    /* As option_set(), for VALUE_CUSTOM. */
    bool (*set)(const struct option_row *row, void *fields, const char *text);
};

/* A row: name, kind, field, help, default, then others by their names. */
#define OPTION(...)                                                            \
    {                                                                          \
        .name = __VA_ARGS__                                                    \
    }
#define OPTION_CHOICES(...)                                                    \
    (const char *const[])                                                      \
    {                                                                          \
        __VA_ARGS__, NULL                                                      \
    }

/* Sets the row's field of `fields` from `text`.  Returns false and leaves the
 * fields unchanged if the value is not allowed. */
bool option_set(const struct option_row *row, void *fields, const char *text);

/* Sets all fields to their defaults.  Aborts on an invalid default. */
void options_set_defaults(const struct option_row *rows, size_t count,
                          void *fields);

/* Returns the row whose name is the first `length` bytes of `name`, or NULL. */
const struct option_row *options_find(const struct option_row *rows,
                                      size_t count, const char *name,
                                      size_t length);

/* The functions below write text, cut to `size`, and return `buffer`. */

/* The field's value in the syntax of option_set; "" for VALUE_LIST and
 * VALUE_CUSTOM. */
const char *option_write(const struct option_row *row, const void *fields,
                         char *buffer, size_t size);

/* Which values are allowed: "a whole number from 1 to 512". */
const char *option_allowed(const struct option_row *row, char *buffer,
                           size_t size);

/* Why `text` is refused: "invalid value 'x' (allowed: ...)", without control
 * characters; if `text` is NULL, "missing value (allowed: ...)". */
const char *option_complaint(const struct option_row *row, const char *text,
                             char *buffer, size_t size);
#define OPTION_COMPLAINT_SIZE 384

/* The name of the value, or the choices: "TIME", "text|json"; "" if there is no
 * value. */
const char *option_value_name(const struct option_row *row, char *buffer,
                              size_t size);

/* The description with choices, range of a VALUE_NUMBER and default. */
const char *option_describe(const struct option_row *row, char *buffer,
                            size_t size);

/* Copies `text` without control characters, cut to `size`. */
const char *option_printable(const char *text, char *buffer, size_t size);

#endif
