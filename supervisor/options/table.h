/* SPDX-License-Identifier: MIT */
/*
 * table.h - the options: names, limits, defaults and help texts.
 *
 * Private to supervisor/options; the rest of the program uses options.h.
 */
#ifndef SUPERVISOR_OPTIONS_TABLE_H
#define SUPERVISOR_OPTIONS_TABLE_H

#include "supervisor/options/options.h"
#include <stddef.h>

/* In the order of --help. */
enum option_id {
    OPTION_LISTEN,
    OPTION_SOCKET_MODE,
    OPTION_MAX_CONNECTIONS,
    OPTION_MAX_RESPONSE_MEMORY,
    OPTION_HANDOFF,
    OPTION_SCHEDULE,
    OPTION_KEEP_LISTENERS,
    OPTION_WORKERS,
    OPTION_SPARES,
    OPTION_EXIT_AFTER,
    OPTION_EXIT_CODE,
    OPTION_EXIT_DELAY,
    OPTION_RESPAWN,
    OPTION_BACKOFF,
    OPTION_BACKOFF_BASE,
    OPTION_BACKOFF_CAP,
    OPTION_HEALTHY_AFTER,
    OPTION_RESTART_INTENSITY,
    OPTION_ON_CRASH_LOOP,
    OPTION_MAX_STARTING,
    OPTION_SEED,
    OPTION_EXPLAIN,
    OPTION_START_TIMEOUT,
    OPTION_QUEUE_TIMEOUT,
    OPTION_HEADER_TIMEOUT,
    OPTION_REQUEST_TIMEOUT,
    OPTION_IDLE_TIMEOUT,
    OPTION_DRAIN_TIMEOUT,
    OPTION_MAX_HEADER,
    OPTION_MAX_BODY,
    OPTION_MAX_ATTEMPTS,
    OPTION_MAX_KILLS,
    OPTION_QUARANTINE,
    OPTION_LOG,
    OPTION_LOG_FORMAT,
    OPTION_REPORT_EVERY,
    OPTION_LIST_EVENTS,
    OPTION_FAULTS,
    OPTION_CRASH_AT_START,
    OPTION_CRASH_UNTIL,
    OPTION_START_DELAY,
    OPTION_START_LOCK,
    OPTION_NO_RETAIN,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_COUNT
};

/* The kind of an option's value, and the type of its field. */
enum option_kind {
    VALUE_FLAG,   /* no value: bool */
    VALUE_NUMBER, /* uint32_t */
    VALUE_BIG,    /* number: uint64_t */
    VALUE_TIME,   /* uint64_t, microseconds */
    VALUE_SIZE,   /* uint64_t, bytes */
    VALUE_MODE,   /* permissions in octal: uint32_t */
    VALUE_CHOICE, /* an enum; `argument` names its members in order */
    VALUE_PATH,   /* const char * */
    VALUE_LISTEN, /* appended to options.listen */
    VALUE_RATE,   /* R/T: options.intensity_limit and _window_us */
    VALUE_ANSWER  /* no value; prints something and exits */
};

struct option_row {
    const char *heading; /* of the group that starts here, or NULL */
    const char *name;    /* without its dashes */
    char letter;         /* or 0 */
    enum option_kind kind;
    const char *argument;      /* name of the value in --help, or NULL */
    size_t field;              /* offset in struct options */
    uint64_t min, max;         /* of numbers, times, sizes and R of R/T */
    const char *fallback;      /* default, as on the command line; or NULL */
    const char *fallback_help; /* default in words, if it is computed */
    const char *help;
};

extern const struct option_row option_rows[OPTION_COUNT];

#define OPTION_RATE_US_MIN 1000
#define OPTION_RATE_US_MAX (UINT64_C(3600) * 1000 * 1000)

/* Describes the values that a row allows. */
void option_write_allowed(const struct option_row *row, FILE *out);

/* Parses a value into the row's field.  Returns false and leaves *options
 * unchanged if the value is not allowed. */
bool option_set(const struct option_row *row, const char *value,
                struct options *options);

void options_write_help(FILE *out);
void options_write_version(FILE *out);

#endif
