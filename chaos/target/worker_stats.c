/* SPDX-License-Identifier: MIT */
/* worker_stats.c - see worker_stats.h. */
#include "chaos/target/worker_stats.h"
#include <string.h>

void worker_stats_injection(struct worker_stats *worker_stats, pid_t pid)
{
    /* Full only if the log has ended or does not report exits. */
    if (worker_stats->pending_count == WORKER_STATS_PENDING_MAX)
        memmove(worker_stats->pending, worker_stats->pending + 1,
                --worker_stats->pending_count *
                    sizeof(worker_stats->pending[0]));
    worker_stats->pending[worker_stats->pending_count++] = pid;
}

static bool was_injected(struct worker_stats *worker_stats, pid_t pid)
{
    for (uint32_t i = 0; i < worker_stats->pending_count; i++) {
        if (worker_stats->pending[i] != pid)
            continue;
        worker_stats->pending[i] =
            worker_stats->pending[--worker_stats->pending_count];
        return true;
    }
    return false;
}

static struct worker_stats_cause *cause_of(struct worker_stats *worker_stats,
                                           const struct log_event *log_event)
{
    struct worker_stats_cause *cause = worker_stats->causes;

    for (uint32_t i = 0; i < worker_stats->cause_count; i++, cause++)
        if (cause->code == log_event->code &&
            strcmp(cause->signal, log_event->signal) == 0 &&
            strcmp(cause->cause, log_event->cause) == 0)
            return cause;
    if (worker_stats->cause_count == WORKER_STATS_CAUSES_MAX)
        return &worker_stats->causes[WORKER_STATS_CAUSES_MAX - 1];
    worker_stats->cause_count++;
    cause->code = log_event->code;
    memcpy(cause->signal, log_event->signal, sizeof(cause->signal));
    memcpy(cause->cause, log_event->cause, sizeof(cause->cause));
    return cause;
}

static bool on_exit_log_event(struct worker_stats *worker_stats,
                              const struct log_event *log_event)
{
    bool injected = was_injected(worker_stats, log_event->pid);
    bool killed = strcmp(log_event->signal, "SIGKILL") == 0;
    struct worker_stats_cause *cause = cause_of(worker_stats, log_event);

    worker_stats->exits++;
    cause->count++;
    cause->injected += injected;
    if (log_event->code >= 0 && !log_event->voluntary)
        worker_stats->own_exits++;
    if (log_event->signal[0])
        worker_stats->signal_deaths++;
    if (injected && !killed)
        worker_stats->left_first++;
    if (injected && killed) {
        worker_stats->kills++;
        worker_stats->kills_busy += log_event->unfinished > 0;
        worker_stats->kills_requests += log_event->unfinished;
    }
    return injected;
}

bool worker_stats_log_event(struct worker_stats *worker_stats,
                            const struct log_event *log_event)
{
    if (log_event->kind == LOG_EVENT_EXIT)
        return on_exit_log_event(worker_stats, log_event);
    if (log_event->kind == LOG_EVENT_FORK)
        worker_stats->forks++;
    if (log_event->kind == LOG_EVENT_RESUME_REQUEST)
        worker_stats->resumptions++;
    if (log_event->kind == LOG_EVENT_TOTALS)
        worker_stats->totals = log_event->totals;
    return false;
}

uint64_t worker_stats_live(const struct worker_stats *worker_stats)
{
    return worker_stats->forks > worker_stats->exits
               ? worker_stats->forks - worker_stats->exits
               : 0;
}
