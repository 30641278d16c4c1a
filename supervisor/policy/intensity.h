/* SPDX-License-Identifier: MIT */
/*
 * intensity.h - detects a crash loop, and limits forks during it.
 *
 * Pure.  All times are monotonic.  Restart intensity is a term of OTP
 * (supervisor(3erl), sup_flags), the half-open breaker one of Nygard ("Release
 * It!").  A crash loop is more than `limit` failures within `window_us` that
 * are also more than half of the forks in that time: if only some of many
 * workers fail, the pool continues.  The canary is the single worker that is
 * forked to test whether workers still fail.
 *
 *            crash loop               canary forked
 *   CLOSED ------------> OPEN ----------------------------> PROBING
 *     ^                   ^                                  |   |
 *     |                   '--- it failed: double the wait ---'   |
 *     '------------------------- a worker made progress ---------'
 *
 * With ON_LOOP_HOLD the breaker stays OPEN until intensity_resume(); with
 * ON_LOOP_GIVE_UP it stays OPEN, and the supervisor drains and exits.
 */
#ifndef SUPERVISOR_POLICY_INTENSITY_H
#define SUPERVISOR_POLICY_INTENSITY_H

#include <stdbool.h>
#include <stdint.h>

#define INTENSITY_LIMIT_MAX 1000

enum on_crash_loop {
    ON_LOOP_PROBE,
    ON_LOOP_GIVE_UP,
    ON_LOOP_HOLD,
    ON_LOOP_KINDS
};

enum breaker { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_PROBING };

struct intensity_rule {
    uint32_t limit; /* failures tolerated within the window */
    uint64_t window_us;
    enum on_crash_loop on_loop;
    uint64_t probe_us;     /* wait before the first canary; then doubles */
    uint64_t probe_cap_us; /* max. wait */
};

/* The window of the ratio consists of this many slices plus the current one, so
 * it may be longer than window_us by up to one slice. */
#define INTENSITY_SLICES 32

struct intensity {
    struct intensity_rule rule;
    enum breaker breaker;
    uint64_t probe_at_us; /* OPEN: when the next canary is due */
    uint64_t probe_wait_us;
    /* Ring of the times of the last limit + 1 failures. */
    uint64_t failed_at_us[INTENSITY_LIMIT_MAX + 1];
    uint32_t failed_next, failed_count;
    struct intensity_slice {
        uint64_t number; /* of the slice, from time 0 */
        uint32_t forks, failures;
    } slices[INTENSITY_SLICES + 1];
};

/* `rule->limit` must be at most INTENSITY_LIMIT_MAX. */
void intensity_start(struct intensity *, const struct intensity_rule *rule);

/* Notes a fork; while OPEN, it is the canary. */
void intensity_forked(struct intensity *, uint64_t now_us);

/* Notes a failure: a worker failed or the system refused a fork.  Returns true
 * if this starts a crash loop (CLOSED to OPEN).  While PROBING, every failure
 * counts as the canary's.  The caller must report the result of each canary,
 * here or with intensity_progress(): otherwise no worker is forked any more. */
bool intensity_failed(struct intensity *, uint64_t now_us);

/* A worker made its first progress.  Returns true if this closed the breaker;
 * then the failures are cleared. */
bool intensity_progress(struct intensity *);

/* Closes the breaker and clears the failures (SIGHUP).  Does nothing after
 * ON_LOOP_GIVE_UP. */
void intensity_resume(struct intensity *);

/* May another worker be forked now?  `starting` workers are starting; at most
 * `max_starting` may. */
bool intensity_permits(const struct intensity *, uint64_t now_us,
                       uint32_t starting, uint32_t max_starting);

/* Returns the time in microseconds after which intensity_permits() may return
 * true without another event; UINT64_MAX if never. */
uint64_t intensity_wait_us(const struct intensity *, uint64_t now_us);

#endif
