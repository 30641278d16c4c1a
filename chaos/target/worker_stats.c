/* SPDX-License-Identifier: MIT */
/* worker_stats.c - see worker_stats.h. */
#include "chaos/target/worker_stats.h"
#include <string.h>

void worker_stats_injection(struct worker_stats *stats, pid_t pid)
{
    stats->pending[stats->injections++ % WORKER_STATS_PENDING_MAX] = pid;
}

static bool was_injected(struct worker_stats *stats, pid_t pid)
{
    for (uint32_t i = 0; i < WORKER_STATS_PENDING_MAX; i++)
        if (pid > 0 && stats->pending[i] == pid) {
            stats->pending[i] = 0;
            return true;
        }
    return false;
}

static struct worker_stats_cause *cause_of(struct worker_stats *stats,
                                           const struct log_event *event)
{
    struct worker_stats_cause *cause = stats->causes;

    for (uint32_t i = 0; i < stats->cause_count; i++, cause++)
        if (cause->code == event->code &&
            strcmp(cause->signal, event->signal) == 0 &&
            strcmp(cause->cause, event->cause) == 0)
            return cause;
    if (stats->cause_count == WORKER_STATS_CAUSES_MAX)
        return &stats->causes[WORKER_STATS_CAUSES_MAX - 1];
    stats->cause_count++;
    cause->code = event->code;
    memcpy(cause->signal, event->signal, sizeof(cause->signal));
    memcpy(cause->cause, event->cause, sizeof(cause->cause));
    return cause;
}

static bool on_exit_log_event(struct worker_stats *stats,
                              const struct log_event *event)
{
    bool injected = was_injected(stats, event->pid);
    bool killed = strcmp(event->signal, "SIGKILL") == 0;
    struct worker_stats_cause *cause = cause_of(stats, event);

    stats->exits++;
    cause->count++;
    cause->injected += injected;
    if (event->code >= 0 && !event->voluntary)
        stats->own_exits++;
    if (event->signal[0])
        stats->signal_deaths++;
    if (injected && !killed)
        stats->left_first++;
    if (injected && killed) {
        stats->kills++;
        stats->kills_busy += event->unfinished > 0;
        stats->kills_requests += event->unfinished;
    }
    return injected;
}

bool worker_stats_log_event(struct worker_stats *stats,
                            const struct log_event *event)
{
    if (event->kind == LOG_EVENT_EXIT)
        return on_exit_log_event(stats, event);
    if (event->kind == LOG_EVENT_FORK)
        stats->forks++;
    if (event->kind == LOG_EVENT_RESUME_REQUEST)
        stats->resumptions++;
    if (event->kind == LOG_EVENT_TOTALS)
        stats->totals = event->totals;
    return false;
}

uint64_t worker_stats_live(const struct worker_stats *stats)
{
    return stats->forks > stats->exits ? stats->forks - stats->exits : 0;
}
