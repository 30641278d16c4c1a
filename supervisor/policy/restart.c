/* SPDX-License-Identifier: MIT */
/* restart.c - see restart.h. */
#include "supervisor/policy/restart.h"

void restart_start(struct restarts *restarts, const struct restart_rule *rule,
                   uint64_t seed)
{
    restarts->rule = *rule;
    intensity_start(&restarts->intensity, &rule->intensity);
    random_seed(&restarts->random, seed);
}

void restart_forked(struct restarts *restarts, struct restart_history *history,
                    uint64_t now_us)
{
    history->progressed = false;
    intensity_forked(&restarts->intensity, now_us);
}

enum restart_verdict restart_progressed(struct restarts *restarts,
                                        struct restart_history *history)
{
    if (history->progressed)
        return RESTART_UNCHANGED;
    history->progressed = true;
    history->failures = 0;
    return intensity_progress(&restarts->intensity) ? RESTART_RECOVERED
                                                    : RESTART_UNCHANGED;
}

/* Is another worker wanted? */
static bool is_wanted(const struct restart_rule *rule,
                      const struct restart_exit *end)
{
    if (end->pool_is_ending)
        return false;
    /* How a worker ends that a reload asked to exit does not matter. */
    if (end->was_drained)
        return true;
    switch (rule->respawn) {
    case RESPAWN_ALWAYS:
        return true;
    case RESPAWN_ON_FAILURE:
        return end->reason.code != 0;
    case RESPAWN_NEVER:
        break;
    }
    return false;
}

/* A worker killed from outside after it came online has not failed: only
 * self-inflicted exits count towards a crash loop.  Exception: unless the
 * breaker is closed, any death before progress counts, because the probe proved
 * nothing. */
static bool has_failed(const struct restarts *restarts,
                       const struct restart_history *history,
                       const struct restart_exit *end)
{
    bool killed_externally = end->cause == CAUSE_OUTSIDE && end->was_online &&
                             restarts->intensity.breaker == BREAKER_CLOSED;

    return !history->progressed && !end->was_drained && !killed_externally;
}

static struct restart_decision fail(struct restarts *restarts,
                                    struct restart_history *history,
                                    uint64_t now_us)
{
    struct restart_decision decision = { .is_failure = true };

    history->failures++;
    decision.delay_us = backoff_delay_us(&restarts->rule.backoff,
                                         history->failures, &restarts->random);
    if (intensity_failed(&restarts->intensity, now_us))
        decision.verdict = RESTART_CRASH_LOOP;
    return decision;
}

struct restart_decision restart_decide(struct restarts *restarts,
                                       struct restart_history *history,
                                       const struct restart_exit *end,
                                       uint64_t now_us)
{
    struct restart_decision decision = { .event = EVENT_LEFT_RETIRE };

    if (end->responses > 0 || end->uptime_us >= restarts->rule.healthy_after_us)
        decision.verdict = restart_progressed(restarts, history);
    if (!is_wanted(&restarts->rule, end)) {
        /* If it was the canary, the breaker would wait for its result
         * forever. */
        if (!history->progressed &&
            restarts->intensity.breaker == BREAKER_PROBING)
            intensity_failed(&restarts->intensity, now_us);
        return decision;
    }
    if (has_failed(restarts, history, end))
        decision = fail(restarts, history, now_us);
    decision.event = decision.delay_us > 0 ? EVENT_LEFT_REST : EVENT_LEFT_RENEW;
    return decision;
}

struct restart_decision restart_fork_failed(struct restarts *restarts,
                                            struct restart_history *history,
                                            uint64_t now_us)
{
    struct restart_decision decision = fail(restarts, history, now_us);
    uint64_t min_us = restarts->rule.backoff.base_us;

    decision.event = EVENT_FORK_FAILED;
    if (decision.delay_us < min_us)
        decision.delay_us = min_us;
    return decision;
}

bool restart_gave_up(const struct restarts *restarts)
{
    return restarts->intensity.breaker != BREAKER_CLOSED &&
           restarts->rule.intensity.on_loop == ON_LOOP_GIVE_UP;
}
