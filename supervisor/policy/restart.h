/* SPDX-License-Identifier: MIT */
/*
 * restart.h - decides what follows when a worker ends or a fork fails.
 *
 * Pure.  A worker that ends before it has made progress has failed: before it
 * has answered a request or has lived for `healthy_after_us`.  Failures in a
 * row delay the next fork (backoff.h); too many of them are a crash loop, which
 * opens the breaker (intensity.h).
 */
#ifndef SUPERVISOR_POLICY_RESTART_H
#define SUPERVISOR_POLICY_RESTART_H

#include "supervisor/policy/backoff.h"
#include "supervisor/policy/exit_reason.h"
#include "supervisor/policy/intensity.h"
#include "supervisor/policy/lifecycle.h"

enum respawn { RESPAWN_ALWAYS, RESPAWN_ON_FAILURE, RESPAWN_NEVER };

struct restart_rule {
    enum respawn respawn;
    struct backoff backoff;
    uint64_t healthy_after_us;
    struct intensity_rule intensity;
};

/* The memory of the pool. */
struct restarts {
    struct restart_rule rule;
    struct intensity intensity;
    struct random random; /* of the backoff */
};

/* The memory of one child. */
struct restart_history {
    uint32_t failures; /* in a row */
    bool progressed;   /* its present worker has */
};

/* The end of a worker. */
struct restart_exit {
    struct exit_reason reason;
    enum exit_cause cause;
    uint64_t uptime_us;
    uint64_t responses;
    bool was_online;
    bool was_drained;    /* a reload or the shutdown asked it to exit */
    bool pool_is_ending; /* the supervisor wants no more workers */
};

enum restart_verdict {
    RESTART_UNCHANGED,
    RESTART_CRASH_LOOP, /* this failure began one */
    RESTART_RECOVERED   /* this progress ended one */
};

struct restart_decision {
    /* EVENT_LEFT_RENEW, _REST, or _RETIRE; or EVENT_FORK_FAILED. */
    enum worker_event event;
    uint64_t delay_us; /* before the next fork */
    bool is_failure;   /* it counts towards a crash loop */
    enum restart_verdict verdict;
};

void restart_start(struct restarts *restarts, const struct restart_rule *rule,
                   uint64_t seed);

/* A worker of the child was forked. */
void restart_forked(struct restarts *restarts, struct restart_history *history,
                    uint64_t now_us);

/* The worker answered a request, or has lived for `healthy_after_us`.  Only the
 * first call for a worker has an effect. */
enum restart_verdict restart_progressed(struct restarts *restarts,
                                        struct restart_history *history);

/* The worker ended. */
struct restart_decision restart_decide(struct restarts *restarts,
                                       struct restart_history *history,
                                       const struct restart_exit *end,
                                       uint64_t now_us);

/* The system refused the fork.  The delay is at least that of one failure: the
 * system needs time to recover. */
struct restart_decision restart_fork_failed(struct restarts *restarts,
                                            struct restart_history *history,
                                            uint64_t now_us);

/* Is it a crash loop after which the supervisor has to exit? */
bool restart_gave_up(const struct restarts *restarts);

#endif
