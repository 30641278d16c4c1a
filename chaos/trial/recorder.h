/* SPDX-License-Identifier: MIT */
/*
 * recorder.h - records the events of a run, with their times.
 *
 * Collects what a trial reports, in memory, for the reports.  Times in its
 * records are microseconds since recorder_begin.
 */
#ifndef CHAOS_TRIAL_RECORDER_H
#define CHAOS_TRIAL_RECORDER_H

#include "chaos/faults/monkey.h"
#include "chaos/load/http_connection.h"
#include "chaos/measure/histogram.h"
#include "chaos/measure/outcomes.h"
#include "chaos/target/log_reader.h"
#include <stdbool.h>
#include <stdint.h>

#define RECORDER_STEP_US    100000
#define RECORDER_LOSSES_MAX 10000 /* further losses are only counted */

/* One interval of RECORDER_STEP_US. */
struct time_bucket {
    uint32_t sent, retries; /* requests that began; how many of them retries */
    uint32_t ok, lost, errors, injections, live;
    uint32_t p50_us, p99_us, max_us; /* of ok; 0 if there were none */
};

struct lifetime {
    pid_t pid;
    int64_t slot, generation;
    int64_t born_us, online_us, died_us; /* -1: not seen */
    int64_t code;
    char signal[16];
    bool injected;
    uint64_t responses;
};

struct loss_note {
    uint64_t at_us, intended_us;
    enum outcome outcome;
    int64_t injection; /* index of the injection it is attributed to, or -1 */
};

#define RECORDER_SAMPLE_LINES_MAX 40 /* log lines kept of each kind */

struct sample_lines {
    char *lines[RECORDER_SAMPLE_LINES_MAX];
    uint32_t count;
};

struct recorder {
    uint64_t start_us, start_wall_us;
    uint64_t window_us; /* a loss is attributed to an injection at most this
                           long before it */

    struct time_bucket *buckets;
    uint32_t bucket_count;
    struct histogram now; /* latencies of the last bucket */

    struct injection *injections; /* at_us since start_us */
    uint32_t injection_count;
    struct lifetime *lifetimes;
    uint32_t lifetime_count;
    struct loss_note *losses;
    uint32_t loss_count;
    struct sample_lines exits;    /* the first exits, as text */
    struct sample_lines lines;    /* the first lines that are not JSON */
    struct sample_lines failures; /* the failure events at the end, as JSON */
    uint64_t losses_left_out;     /* beyond RECORDER_LOSSES_MAX */
    uint64_t unattributed;        /* losses without an injection */
};

void recorder_begin(struct recorder *recorder, uint64_t window_us);

/* Called from the callbacks of a trial, with monotonic times.  `injected`: see
 * worker_stats_log_event. */
void recorder_begun(struct recorder *recorder,
                    const struct load_request *request, uint64_t now_us);
void recorder_outcome(struct recorder *recorder,
                      const struct load_request *request, enum outcome outcome,
                      uint64_t now_us);
void recorder_injection(struct recorder *recorder,
                        const struct injection *injected);
void recorder_log_event(struct recorder *recorder,
                        const struct log_event *event, bool injected);

/* Completes the last bucket.  No event may follow. */
void recorder_end(struct recorder *recorder);

void recorder_free(struct recorder *recorder);

#endif
