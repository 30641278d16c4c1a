/* SPDX-License-Identifier: MIT */
/*
 * watch.h - shows what happens in a run, line by line, on standard output.
 *
 * A line each second counts requests, losses, kills and exits; of the exits,
 * at most two a second are shown, with code and signal.
 */
#ifndef CHAOS_RUNNER_WATCH_H
#define CHAOS_RUNNER_WATCH_H

#include "chaos/experiment/experiment.h"
#include "chaos/trial/trial.h"

struct run_watch {
    const struct trial *trial;
    uint64_t start_us;               /* start of the run, monotonic */
    enum trial_phase phase;          /* the last one that was shown */
    unsigned lines;                  /* in this phase */
    bool own_exit_shown, kill_shown; /* in this second */
};

/* Prints what will be run. */
void run_watch_begin(const struct experiment *experiment);

/* Call it every second. */
void run_watch_second(struct run_watch *watch);

/* `injected` as in trial.h. */
void run_watch_log_event(struct run_watch *watch,
                         const struct log_event *log_event, bool injected);

/* Prints what became of the workers. */
void run_watch_end(const struct run_watch *watch);

#endif
