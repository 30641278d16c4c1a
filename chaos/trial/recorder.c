/* SPDX-License-Identifier: MIT */
/* recorder.c - see recorder.h. */
#include "chaos/trial/recorder.h"
#include "worker/clock.h"
#include <err.h>
#include <stdlib.h>
#include <string.h>

/* A timeout is attributed to an injection before or within this time after the
 * request was due, because the cause of a hang precedes the timeout. */
#define HANG_BEGINS_US 100000

void recorder_begin(struct recorder *recorder, uint64_t window_us)
{
    *recorder = (struct recorder){ .start_us = clock_monotonic_us(),
                                   .start_wall_us = clock_wall_us(),
                                   .window_us = window_us };
}

/* Makes room for one more item of `size` bytes: the capacity is doubled
 * whenever the count is a power of two. */
static void *grown(void *list, uint32_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return list;
    list = realloc(list, (count ? 2 * (size_t)count : 1) * size);
    if (!list)
        err(1, "cannot allocate memory for the record");
    return list;
}

/* ---- Time buckets ------------------------------------------------------- */

static void complete(struct recorder *recorder)
{
    struct time_bucket *bucket;

    if (recorder->bucket_count == 0)
        return;
    bucket = &recorder->buckets[recorder->bucket_count - 1];
    bucket->p50_us = (uint32_t)histogram_quantile(&recorder->now, 0.5);
    bucket->p99_us = (uint32_t)histogram_quantile(&recorder->now, 0.99);
    bucket->max_us = (uint32_t)recorder->now.max_us;
    if (recorder->now.count > 0)
        memset(&recorder->now, 0, sizeof(recorder->now));
}

/* Returns the bucket of `now_us` and completes the buckets before it. */
static struct time_bucket *bucket_of(struct recorder *recorder, uint64_t now_us)
{
    uint64_t since_us =
        now_us > recorder->start_us ? now_us - recorder->start_us : 0;
    uint64_t index = since_us / RECORDER_STEP_US;

    while (recorder->bucket_count <= index) {
        struct time_bucket bucket = { 0 };

        complete(recorder);
        if (recorder->bucket_count > 0)
            bucket.live = recorder->buckets[recorder->bucket_count - 1].live;
        recorder->buckets = grown(recorder->buckets, recorder->bucket_count,
                                  sizeof(struct time_bucket));
        recorder->buckets[recorder->bucket_count++] = bucket;
    }
    return &recorder->buckets[recorder->bucket_count - 1];
}

void recorder_end(struct recorder *recorder)
{
    bucket_of(recorder, clock_monotonic_us());
    complete(recorder);
}

/* ---- Requests ----------------------------------------------------------- */

static bool is_timeout(enum outcome outcome)
{
    return outcome == OUTCOME_TIMEOUT_CONNECTING ||
           outcome == OUTCOME_TIMEOUT_WAITING ||
           outcome == OUTCOME_TIMEOUT_MIDDLE;
}

/* The last hit at or before `at_us`, if it is within the window. */
static int64_t injection_before(const struct recorder *recorder, uint64_t at_us)
{
    for (int64_t i = (int64_t)recorder->injection_count - 1; i >= 0; i--) {
        const struct injection *injection = &recorder->injections[i];

        if (injection->at_us <= at_us && injection->result == INJECTION_HIT)
            return at_us - injection->at_us <= recorder->window_us ? i : -1;
    }
    return -1;
}

static void note_loss(struct recorder *recorder, enum outcome outcome,
                      uint64_t intended_us, uint64_t at_us)
{
    uint64_t begun_us =
        is_timeout(outcome) ? intended_us + HANG_BEGINS_US : at_us;
    int64_t injection = injection_before(recorder, begun_us);

    if (injection >= 0)
        recorder->injections[injection].losses++;
    else
        recorder->unattributed++;
    if (recorder->loss_count == RECORDER_LOSSES_MAX) {
        recorder->losses_left_out++;
        return;
    }
    recorder->losses =
        grown(recorder->losses, recorder->loss_count, sizeof(struct loss_note));
    recorder->losses[recorder->loss_count++] =
        (struct loss_note){ .at_us = at_us,
                            .intended_us = intended_us,
                            .outcome = outcome,
                            .injection = injection };
}

void recorder_begun(struct recorder *recorder,
                    const struct load_request *request, uint64_t now_us)
{
    struct time_bucket *bucket = bucket_of(recorder, now_us);

    bucket->sent++;
    bucket->retries += request->tries > 0;
}

void recorder_outcome(struct recorder *recorder,
                      const struct load_request *request, enum outcome outcome,
                      uint64_t now_us)
{
    struct time_bucket *bucket = bucket_of(recorder, now_us);

    if (outcome == OUTCOME_OK) {
        bucket->ok++;
        histogram_record(&recorder->now, now_us > request->first_us
                                             ? now_us - request->first_us
                                             : 0);
        return;
    }
    if (outcome_is_loss(outcome))
        bucket->lost++;
    else
        bucket->errors++;
    note_loss(recorder, outcome, request->intended_us - recorder->start_us,
              now_us - recorder->start_us);
}

/* ---- Injections and lifetimes ------------------------------------------- */

/* The latest lifetime with that pid that has not ended, or NULL. */
static struct lifetime *alive(struct recorder *recorder, pid_t pid)
{
    for (uint32_t i = recorder->lifetime_count; i > 0; i--) {
        struct lifetime *lifetime = &recorder->lifetimes[i - 1];

        if (lifetime->pid == pid && lifetime->died_us < 0)
            return lifetime;
    }
    return NULL;
}

void recorder_injection(struct recorder *recorder,
                        const struct injection *injected)
{
    const struct lifetime *lifetime = alive(recorder, injected->pid);
    struct injection *injection;

    recorder->injections =
        grown(recorder->injections, recorder->injection_count,
              sizeof(struct injection));
    injection = &recorder->injections[recorder->injection_count++];
    *injection = *injected;
    injection->at_us -= recorder->start_us;
    injection->slot = lifetime ? lifetime->slot : -1;
    if (injection->result == INJECTION_HIT)
        bucket_of(recorder, injected->at_us)->injections++;
}

static void record_fork(struct recorder *recorder,
                        const struct log_event *event, int64_t at_us)
{
    recorder->lifetimes = grown(recorder->lifetimes, recorder->lifetime_count,
                                sizeof(struct lifetime));
    recorder->lifetimes[recorder->lifetime_count++] =
        (struct lifetime){ .pid = event->pid,
                           .slot = event->slot,
                           .generation = event->generation,
                           .born_us = at_us,
                           .online_us = -1,
                           .died_us = -1,
                           .code = -1 };
    bucket_of(recorder, clock_monotonic_us())->live++;
}

static void record_exit(struct recorder *recorder, struct lifetime *lifetime,
                        const struct log_event *event, int64_t at_us,
                        bool injected)
{
    struct time_bucket *bucket = bucket_of(recorder, clock_monotonic_us());

    bucket->live -= bucket->live > 0;
    lifetime->died_us = at_us;
    lifetime->code = event->code;
    memcpy(lifetime->signal, event->signal, sizeof(lifetime->signal));
    lifetime->injected = injected;
    lifetime->responses = event->responses;
}

static void keep_line(struct sample_lines *lines, const char *text)
{
    char *copy;

    if (lines->count == RECORDER_SAMPLE_LINES_MAX)
        return;
    copy = strdup(text);
    if (!copy)
        err(1, "cannot allocate memory for the record");
    lines->lines[lines->count++] = copy;
}

static void keep_sample(struct recorder *recorder,
                        const struct log_event *event)
{
    char words[LOG_EVENT_TEXT_SIZE];

    if (event->kind == LOG_EVENT_EXIT)
        keep_line(&recorder->exits, log_event_exit_words(words, event));
    if (event->kind == LOG_EVENT_FAILURE)
        keep_line(&recorder->failures, event->text);
    if (event->kind == LOG_EVENT_OTHER && event->text[0] != '{')
        keep_line(&recorder->lines, event->text);
}

void recorder_log_event(struct recorder *recorder,
                        const struct log_event *event, bool injected)
{
    int64_t at_us =
        (int64_t)(event->time * 1e6) - (int64_t)recorder->start_wall_us;
    struct lifetime *lifetime;

    keep_sample(recorder, event);
    if (event->kind == LOG_EVENT_FORK) {
        record_fork(recorder, event, at_us);
        return;
    }
    lifetime = alive(recorder, event->pid);
    if (!lifetime)
        return;
    if (event->kind == LOG_EVENT_ONLINE)
        lifetime->online_us = at_us;
    if (event->kind == LOG_EVENT_PROMOTE) {
        lifetime->slot = event->slot;
        lifetime->generation = event->generation;
    }
    if (event->kind == LOG_EVENT_EXIT)
        record_exit(recorder, lifetime, event, at_us, injected);
}

static void free_lines(struct sample_lines *lines)
{
    while (lines->count > 0)
        free(lines->lines[--lines->count]);
}

void recorder_free(struct recorder *recorder)
{
    free_lines(&recorder->exits);
    free_lines(&recorder->lines);
    free_lines(&recorder->failures);
    free(recorder->buckets);
    free(recorder->injections);
    free(recorder->lifetimes);
    free(recorder->losses);
    *recorder = (struct recorder){ 0 };
}
