/*
 * recorder.h - all that happened in a run, with its time.
 *
 * Gathers what a trial tells, in memory, for the reports; judges nothing.
 * Times are microseconds since the recording began.
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

#define RECORDER_STEP_US 100000
#define RECORDER_LOSSES_MAX                                                    \
    10000 /* more are counted, but not kept one by one */

/* What happened in one step of the series. */
struct time_bucket {
    uint32_t sent, retries; /* requests that were due; of them, asked again */
    uint32_t ok, lost, errors, injections, live;
    uint32_t p50_us, p99_us, max_us; /* 0 when nothing was answered */
};

struct injection_note {
    struct planned_injection plan;
    enum injection_result result;
    pid_t pid;
    uint32_t ordinal, of; /* see struct hit */
    int64_t slot;         /* -1: none, or not known */
    uint64_t at_us;
    uint32_t losses; /* put down to it */
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
    int64_t injection; /* index of the one it is put down to, or -1 */
};

#define RECORDER_SAMPLE_LINES_MAX                                              \
    40 /* lines of the target's log that are kept */

struct sample_lines {
    char *lines[RECORDER_SAMPLE_LINES_MAX];
    uint32_t count;
};

struct recorder {
    uint64_t start_us, start_wall_us;
    uint64_t
        window_us; /* how long after an injection a loss is put down to it */

    struct time_bucket *buckets;
    uint32_t bucket_count, bucket_capacity;
    struct histogram now; /* of the last moment */

    struct injection_note *injections;
    uint32_t injection_count, injection_capacity;
    int64_t last_hit; /* index, or -1 */
    struct lifetime *lifetimes;
    uint32_t lifetime_count, lifetime_capacity;
    struct loss_note *losses;
    uint32_t loss_count, loss_capacity;
    struct sample_lines exits;    /* the first ones, in words */
    struct sample_lines lines;    /* the first that are no events */
    struct sample_lines failures; /* JSON: what a supervisor tells of them in
                                the end */
    uint64_t losses_left_out;
    uint64_t unattributed;
};

void recorder_begin(struct recorder *recorder, uint64_t window_us);

/* What a trial's callbacks tell; times are monotonic there. */
void recorder_begun(struct recorder *recorder,
                    const struct load_request *request, uint64_t now_us);
void recorder_outcome(struct recorder *recorder,
                      const struct load_request *request, enum outcome outcome,
                      uint64_t now_us);
void recorder_injection(struct recorder *recorder,
                        const struct injection *injected);
void recorder_log_event(struct recorder *recorder,
                        const struct log_event *log_event, bool injected);

/* Nothing follows: the last moment is complete. */
void recorder_end(struct recorder *recorder);

void recorder_free(struct recorder *recorder);

#endif
