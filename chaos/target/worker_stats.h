/* SPDX-License-Identifier: MIT */
/*
 * worker_stats.h - counts forks, exits and kills of workers.
 *
 * Pure.  Combines two independent sources: the monkey (sent SIGKILL to this
 * pid) and the supervisor's log (this pid exited, with a number of requests in
 * progress).  Only an exit that both report is a kill.
 */
#ifndef CHAOS_TARGET_WORKER_STATS_H
#define CHAOS_TARGET_WORKER_STATS_H

#include "chaos/target/log_reader.h"
#include <stdbool.h>
#include <stdint.h>

#define WORKER_STATS_PENDING_MAX 512
#define WORKER_STATS_CAUSES_MAX  32 /* different causes of exits */

/* The number of exits with one cause. */
struct worker_stats_cause {
    char cause[16];  /* from the supervisor: "own exit", "outside", ... */
    int64_t code;    /* -1: none */
    char signal[16]; /* or empty */
    uint64_t count;
    uint64_t injected; /* how many of them the monkey had hit */
};

/* Empty when all zero. */
struct worker_stats {
    uint64_t forks, exits;
    uint64_t own_exits;       /* with an exit code, not requested */
    uint64_t signal_deaths;   /* by any signal */
    uint64_t kills;           /* hit, and ended by SIGKILL */
    uint64_t kills_busy;      /* kills with at least one request in progress */
    uint64_t kills_requests;  /* sum of requests in progress at the kills */
    uint64_t left_first;      /* hit, but exited by itself before */
    uint64_t resumptions;     /* connections resumed on another worker */
    struct log_totals totals; /* of the totals event, if it was logged */
    pid_t pending[WORKER_STATS_PENDING_MAX]; /* ring: hit, exit not logged yet;
                                                0: logged */
    uint64_t injections;
    struct worker_stats_cause
        causes[WORKER_STATS_CAUSES_MAX]; /* in order of appearance; the last one
                                            also counts all further causes */
    uint32_t cause_count;
};

/* The monkey sent SIGKILL to `pid`. */
void worker_stats_injection(struct worker_stats *stats, pid_t pid);

/* Takes an event of the supervisor's log.  Returns true if it is the exit of a
 * process that was hit. */
bool worker_stats_log_event(struct worker_stats *stats,
                            const struct log_event *event);

/* The number of live workers, including spares. */
uint64_t worker_stats_live(const struct worker_stats *stats);

#endif
