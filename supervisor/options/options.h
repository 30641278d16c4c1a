/*
 * options.h - the command line of the supervisor: defaults, limits and help
 * in one table.
 *
 * Reads argv and nothing else; opens, forks and logs nothing.
 */
#ifndef SUPERVISOR_OPTIONS_OPTIONS_H
#define SUPERVISOR_OPTIONS_OPTIONS_H

#include "supervisor/policy/backoff.h"
#include "supervisor/policy/intensity.h"
#include "supervisor/policy/schedule.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum handoff { HANDOFF_REQUEST, HANDOFF_CONNECTION };
enum respawn { RESPAWN_ALWAYS, RESPAWN_ON_FAILURE, RESPAWN_NEVER };
enum log_format { LOG_TEXT, LOG_JSON };

#define OPTIONS_LISTEN_MAX     16
#define OPTIONS_LISTEN_DEFAULT "127.0.0.1:8086"

struct options {
    const char *listen[OPTIONS_LISTEN_MAX]; /* address.h; from argv */
    uint32_t listen_count;
    uint32_t socket_mode; /* permissions of a Unix socket's file */
    uint32_t workers;
    uint32_t spares;
    uint64_t exit_after; /* responses; 0: never */
    uint32_t exit_code;
    uint64_t exit_delay_us;
    enum handoff handoff;
    enum schedule_kind schedule;
    bool keep_listeners;
    enum respawn respawn;
    struct backoff backoff;
    uint64_t healthy_after_us;
    uint32_t intensity_limit; /* R of R/T */
    uint64_t intensity_window_us;
    enum on_crash_loop on_crash_loop;
    uint32_t max_starting;
    uint64_t start_timeout_us;
    uint64_t seed;
    bool seed_given; /* if not, main chooses one */
    uint64_t queue_timeout_us;
    uint64_t drain_timeout_us;
    uint64_t header_timeout_us;
    uint64_t idle_timeout_us;
    uint64_t request_timeout_us;
    uint32_t max_connections;
    uint64_t max_response_memory; /* 0: not given */
    uint64_t max_header_bytes;
    uint64_t max_body_bytes;
    uint32_t max_attempts;
    uint32_t max_kills;
    uint64_t quarantine_us;
    uint64_t report_every_us; /* 0: not */
    const char *log_path;     /* NULL: standard error */
    enum log_format log_format;
    bool faults;
    bool crash_at_start;
    uint64_t crash_until_us; /* since the supervisor's start; 0: for ever */
    uint64_t start_delay_us;
    bool start_lock;
    bool no_retain;
    bool explain;
    bool list_events;
};

enum options_outcome {
    OPTIONS_RUN,   /* go on with *options */
    OPTIONS_DONE,  /* --help or --version: printed, leave with 0 */
    OPTIONS_REFUSE /* one line on `err` said why; leave with 2 */
};

/* Fills *options from argv; strings point into argv or are static.  Of an
 * option given twice the last counts, but each --listen adds one.  `err` gets
 * exactly one line or nothing. */
enum options_outcome options_read(struct options *options, int argc,
                                  char **argv, FILE *out, FILE *err);

/* The crash-loop rule that the options amount to. */
struct intensity_rule options_intensity_rule(const struct options *options);

#endif
