/*
 * worker_stats.h - births and deaths of workers, and what became of those
 * injected.
 *
 * Pure.  Joins two accounts that know nothing of each other: the monkey's (it
 * sent a signal to this pid) and the supervisor's log (this pid ended so, with
 * so many requests in hand).  Only a death that both tell of is a kill.
 */
#ifndef CHAOS_TARGET_WORKER_STATS_H
#define CHAOS_TARGET_WORKER_STATS_H

#include "chaos/target/log_reader.h"
#include <stdbool.h>
#include <stdint.h>

#define WORKER_STATS_PENDING_MAX 512
#define WORKER_STATS_CAUSES_MAX  32 /* different ends that are told apart */

/* One way in which workers ended, and how many did. */
struct worker_stats_cause {
    char cause[16]; /* as the supervisor knows it: "own exit", "outside", ... */
    int64_t code;   /* -1: none */
    char signal[16]; /* or empty */
    uint64_t count;
    uint64_t injected; /* of them: by us */
};

/* Empty when all zero. */
struct worker_stats {
    uint64_t forks, exits;
    uint64_t own_exits;       /* with a code, and nobody had asked */
    uint64_t signal_deaths;   /* by any signal */
    uint64_t kills;           /* hit, and died of SIGKILL */
    uint64_t kills_busy;      /* of them: with a request in hand */
    uint64_t kills_requests;  /* requests in hand in them, together */
    uint64_t left_first;      /* hit, but it was exiting by itself already */
    uint64_t resumptions;     /* connections a worker took up from another */
    struct log_totals totals; /* the supervisor's last word, when it came */
    pid_t pending[WORKER_STATS_PENDING_MAX]; /* hit, end not yet told */
    uint32_t pending_count;
    struct worker_stats_cause
        causes[WORKER_STATS_CAUSES_MAX]; /* first seen first; the
                                 rest count to the last */
    uint32_t cause_count;
};

/* The monkey sent SIGKILL to `pid`. */
void worker_stats_injection(struct worker_stats *worker_stats, pid_t pid);

/* The supervisor's log says so.  Returns true when the log_event is the end of
 * a process that was hit. */
bool worker_stats_log_event(struct worker_stats *worker_stats,
                            const struct log_event *log_event);

/* Workers that live now, spares too. */
uint64_t worker_stats_live(const struct worker_stats *worker_stats);

#endif
