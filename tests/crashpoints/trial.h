/*
 * trial.h - one client, and workers that die at chosen points.
 *
 * A supervisor with one worker and some spares; all of them are traced while
 * one visit is made, and released behind it.  Workers are numbered in the order
 * in which they come to work on it: 0 gets the connection first, 1 takes it up,
 * and so on.  The stops of each are counted from the moment it is woken: stop 0
 * is the exit of the call it slept in, then entry and exit of each further call
 * follow.
 *
 * The oracle: the script's answers and nothing else, on the same connection,
 * and then an answer to one request more.
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

/* Where a worker is to die: at a stop, or some instructions behind it; and of
 * what. */
struct point {
    unsigned stop;
    uint64_t instructions;
    int signal; /* 0: SIGKILL, from outside; others look like its own crash */
};

/* A supervisor, used for many trials. */
struct trial_stage {
    struct supervised supervised;
    const struct trial_setting *setting;
    const struct script *script;
    unsigned spares;
    unsigned deaths_allowed; /* of a request's workers, before it gets the
                                script's `poison`; 0: it must get none */
    unsigned long token;     /* of the last visit */
    unsigned long counted;   /* what the counter said last */
};

struct death {
    bool reached;
    uint64_t instructions; /* behind the stop, when it died */
    int call;              /* the last system call it entered, or -1 */
    struct observer observer;
};

struct crash_trial {
    /* In: who dies where. */
    struct point points[TRIAL_VICTIMS_MAX];
    unsigned victims;
    bool counts_instructions; /* of worker 0, which lives then */
    /* Out. */
    struct death deaths[TRIAL_VICTIMS_MAX];
    unsigned stops[TRIAL_VICTIMS_MAX]; /* each went through */
    uint32_t steps[TRIAL_STOPS_MAX];   /* behind each stop of worker 0 */
    struct visit visit;
    bool killed_amid; /* a worker died before the last answer was there */
};

/* Starts a supervisor with one worker, `spares` spares and `options` besides
 * those of the setting. */
void stage_open(struct trial_stage *stage, const struct script *script,
                const struct trial_setting *setting, unsigned spares,
                const char *options);

/* Ends it: totals that add up, nothing lost, nobody left. */
void stage_close(struct trial_stage *stage);

/* Makes one trial; fails the test, saying all that is needed to see it again,
 * if the client noticed anything. */
void trial_run(struct trial_stage *stage, struct crash_trial *trial);

#endif
