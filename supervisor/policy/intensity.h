/*
 * intensity.h - when failures become a crash loop, and what may fork then.
 *
 * Pure: time comes in as monotonic microseconds.  Restart intensity is OTP's
 * term (supervisor(3erl), sup_flags), the half-open breaker Nygard's ("Release
 * It!").  The verdict falls when more than `limit` failures happened within
 * `window_us` AND they are more than half of the forks made in that time, so
 * that kills from outside amid good work never stop the pool.
 *
 *             verdict                    canary due
 *   CLOSED ------------> OPEN ----------------------------> PROBING
 *     ^                   ^       canary failed: twice as long |
 *     |                   '----------------------------------- +
 *     '----------------------- a canary made progress ---------'
 *
 * With on_loop HOLD the breaker stays OPEN until intensity_resume(); with
 * GIVE_UP the supervisor drains and leaves, and nothing forks any more.
 */
#ifndef SUPERVISOR_POLICY_INTENSITY_H
#define SUPERVISOR_POLICY_INTENSITY_H

#include <stdbool.h>
#include <stdint.h>

#define INTENSITY_LIMIT_MOST 1000

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

struct intensity {
    struct intensity_rule rule;
    enum breaker breaker;
    uint64_t probe_at_us; /* OPEN: when the next canary is due */
    uint64_t probe_wait_us;
    uint64_t forks; /* ever */
    /* The last limit + 1 failures, oldest overwritten first. */
    struct {
        uint64_t at_us;
        uint64_t forks; /* made before that failure, since the beginning */
    } failed[INTENSITY_LIMIT_MOST + 1];
    uint32_t failed_next, failed_count;
};

/* `rule->limit` is at most INTENSITY_LIMIT_MOST. */
void intensity_start(struct intensity *, const struct intensity_rule *rule);

/* A fork was made: in PROBING's way of counting, the canary. */
void intensity_forked(struct intensity *, uint64_t now_us);

/* A worker failed.  Returns true if the verdict fell just now (CLOSED to
 * OPEN), false otherwise; a canary that failed reopens the breaker. */
bool intensity_failed(struct intensity *, uint64_t now_us);

/* A worker made progress.  Returns true if that closed the breaker. */
bool intensity_progress(struct intensity *);

/* The operator says: go on.  Closes the breaker and forgets the failures. */
void intensity_resume(struct intensity *);

/* May one more worker be forked now, with `starting` of them still starting
 * and at most `max_starting` allowed? */
bool intensity_permits(const struct intensity *, uint64_t now_us,
                       uint32_t starting, uint32_t max_starting);

/* Microseconds until intensity_permits() may change its mind by the passing of
 * time alone; UINT64_MAX if it never will. */
uint64_t intensity_wait_us(const struct intensity *, uint64_t now_us);

#endif
