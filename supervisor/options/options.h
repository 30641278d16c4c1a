/* SPDX-License-Identifier: MIT */
/*
 * options.h - the command line of the supervisor.
 */
#ifndef SUPERVISOR_OPTIONS_OPTIONS_H
#define SUPERVISOR_OPTIONS_OPTIONS_H

#include "supervisor/options/command_line.h"
#include "supervisor/policy/restart.h"
#include "supervisor/policy/schedule.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum handoff { HANDOFF_REQUEST, HANDOFF_CONNECTION };
enum log_format { LOG_TEXT, LOG_JSON };

#define OPTIONS_LISTEN_MAX     16
#define OPTIONS_LISTEN_DEFAULT "127.0.0.1:8086"
#define OPTIONS_WORKERS_MAX    512

struct options {
    const char *listen[OPTIONS_LISTEN_MAX]; /* see policy/address.h */
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
    uint32_t intensity_limit; /* R of --restart-intensity R/T */
    uint64_t intensity_window_us;
    enum on_crash_loop on_crash_loop;
    uint32_t max_starting;
    uint64_t start_timeout_us;
    uint64_t seed;
    bool seed_given; /* if false, main() chooses `seed` */
    uint64_t queue_timeout_us;
    uint64_t drain_timeout_us;
    uint64_t header_timeout_us;
    uint64_t idle_timeout_us;
    uint64_t request_timeout_us;
    uint32_t max_connections;
    uint64_t max_response_memory; /* bytes; 0: not given */
    uint64_t max_header_bytes;
    uint64_t max_body_bytes;
    uint32_t max_attempts;
    uint32_t max_kills;
    uint64_t quarantine_us;
    uint64_t report_every_us; /* 0: only at the end */
    const char *log_path;     /* NULL: standard error */
    enum log_format log_format;
    bool faults;
    bool crash_at_start;
    uint64_t crash_until_us; /* since the supervisor's start; 0: always */
    uint64_t start_delay_us;
    bool start_lock;
    bool no_retain;
    bool explain;
    bool list_events;
};

/* Fills *options from argv; its strings point into argv or are static.  If an
 * option is repeated, the last value counts, but --listen adds a listener each
 * time. */
enum options_outcome options_read(struct options *options, int argc,
                                  char **argv, FILE *out, FILE *err);

/* The options that fill struct options, in the order of --help. */
#define SUPERVISOR_ROWS_MAX 64
extern const struct option_row supervisor_rows[];
extern const size_t supervisor_row_count;

struct restart_rule options_restart_rule(const struct options *options);

#endif
