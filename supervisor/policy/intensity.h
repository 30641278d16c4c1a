/*
 * intensity.h - when failures become a crash loop, and what may fork then.
 *
 * Pure: time comes in as monotonic microseconds.  Restart intensity is OTP's
 * term (supervisor(3erl), sup_flags), the half-open breaker Nygard's ("Release
 * It!").  The verdict falls when more than `limit` failures happened within
 * `window_us` AND they are more than half of the forks made in that time, so
 * that kills from outside amid good work never stop the pool.
 *
 *             verdict                 canary forked
 *   CLOSED ------------> OPEN ----------------------------> PROBING
 *     ^                   ^                                  |   |
 *     |                   '--- it failed: wait twice as long-'   |
 *     '------------------------- a worker made progress ---------'
 *
 * With on_loop HOLD the breaker stays OPEN until intensity_resume(); with
 * GIVE_UP the supervisor drains and leaves, and nothing forks any more.
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
    uint64_t probe_us;     /* before the first canary; doubles with each... */
    uint64_t probe_cap_us; /* ...that fails, up to this */
};

/* The window of the ratio slides by this part of its length, forgetting a
 * little later than it should: in favour of going on. */
#define INTENSITY_SLICES 32

struct intensity {
    struct intensity_rule rule;
    enum breaker breaker;
    uint64_t probe_at_us; /* OPEN: when the next canary is due */
    uint64_t probe_wait_us;
    /* When the last limit + 1 failures happened; the oldest is overwritten. */
    uint64_t failed_at_us[INTENSITY_LIMIT_MAX + 1];
    uint32_t failed_next, failed_count;
    /* What happened in each of the last slices of the window. */
    struct intensity_slice {
        uint64_t number; /* of the slice, since the beginning of time */
        uint32_t forks, failures;
    } slices[INTENSITY_SLICES + 1];
};

/* `rule->limit` is at most INTENSITY_LIMIT_MAX. */
void intensity_start(struct intensity *, const struct intensity_rule *rule);

/* A fork was made; while OPEN, it is the canary. */
void intensity_forked(struct intensity *, uint64_t now_us);

/* A worker failed, or the system refused a fork.  Returns true if the verdict
 * fell just now (CLOSED to OPEN), false otherwise.  While PROBING it is the
 * canary that failed.  The canary's end must always be told, by this or by
 * intensity_progress(), or no other is ever forked. */
bool intensity_failed(struct intensity *, uint64_t now_us);

/* A worker made its first progress.  Returns true if that closed the breaker,
 * which forgets the failures. */
bool intensity_progress(struct intensity *);

/* The operator says: go on.  Closes the breaker and forgets the failures; but
 * what has given up stays so. */
void intensity_resume(struct intensity *);

/* May one more worker be forked now, with `starting` of them still starting
 * and at most `max_starting` allowed? */
bool intensity_permits(const struct intensity *, uint64_t now_us,
                       uint32_t starting, uint32_t max_starting);

/* Microseconds until intensity_permits() may change its mind by the passing of
 * time alone; UINT64_MAX if it never will. */
uint64_t intensity_wait_us(const struct intensity *, uint64_t now_us);

#endif
