/* SPDX-License-Identifier: MIT */
/*
 * trial.h - one client, and workers that die at chosen points.
 *
 * A supervisor has one worker and some spares.  All of them are traced during
 * one visit and released after it.  Workers are numbered in the order in which
 * they wake up: worker 0 gets the connection first, worker 1 resumes it, and so
 * on.  The stops of a worker are counted from its wake-up: stop 0 is the exit
 * of the call it slept in, then entry and exit of each further call follow.
 *
 * The client must receive the script's answers and nothing else, on the same
 * connection, and then an answer to one more request.
 */
#ifndef TESTS_CRASHPOINTS_TRIAL_H
#define TESTS_CRASHPOINTS_TRIAL_H

#include "tests/crashpoints/cases.h"
#include "tests/crashpoints/observer.h"
#include "tests/crashpoints/trace.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdbool.h>
#include <stdint.h>

#define TRIAL_VICTIMS_MAX 3
#define TRIAL_STOPS_MAX   4096

/* Where and by which signal a worker dies: at a stop, or some instructions
 * after it. */
struct point {
    unsigned stop;
    uint64_t instructions;
    int signal; /* 0: SIGKILL */
};

/* A supervisor, used for many trials. */
struct trial_stage {
    struct supervised supervised;
    const struct trial_setting *setting;
    const struct script *script;
    unsigned spares;
    unsigned deaths_allowed; /* deaths after which a request gets the script's
                                `poison` status; 0: it must never get it */
    unsigned long token;     /* of the last visit */
    unsigned long counted;   /* the last value of the counter */
};

struct death {
    bool reached;
    uint64_t instructions; /* executed after the stop */
    int call;              /* the last system call entered, or -1 */
    struct observer observer;
};

struct crash_trial {
    /* Input. */
    struct point points[TRIAL_VICTIMS_MAX];
    unsigned victims;
    bool counts_instructions; /* of worker 0, which must not be a victim */
    /* Output. */
    struct death deaths[TRIAL_VICTIMS_MAX];
    unsigned stops[TRIAL_VICTIMS_MAX]; /* that each worker reached */
    uint32_t steps[TRIAL_STOPS_MAX];   /* after each stop of worker 0 */
    struct visit visit;
    bool killed_before_end; /* a worker died before the last answer arrived */
};

/* Starts a supervisor with one worker, `spares` spares, the options of the
 * setting, and `options`. */
void stage_open(struct trial_stage *stage, const struct script *script,
                const struct trial_setting *setting, unsigned spares,
                const char *options);

/* Ends it; the totals must balance, without losses and remaining processes. */
void stage_close(struct trial_stage *stage);

/* Runs one trial.  If the client noticed anything, fails the test with
 * everything needed to repeat the trial. */
void trial_run(struct trial_stage *stage, struct crash_trial *trial);

#endif
