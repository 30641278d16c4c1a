/* SPDX-License-Identifier: MIT */
/*
 * monkey.h - injects faults into a process tree according to a schedule.
 *
 * At each planned time it chooses a victim among the live processes by the
 * plan's random draw, within the blast radius.  It reports every planned
 * injection to its owner, also those without a victim, and reverts effects.
 */
#ifndef CHAOS_FAULTS_MONKEY_H
#define CHAOS_FAULTS_MONKEY_H

#include "chaos/faults/fault.h"
#include "chaos/faults/inject.h"
#include "chaos/faults/rolling.h"
#include "chaos/faults/schedule.h"
#include "chaos/faults/victims.h"
#include "chaos/target/slots.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

/* An injection of an earlier run, to be replayed. */
struct past_injection {
    struct planned_injection plan;
    int64_t slot;     /* of the victim; -1: not known, or a spare */
    uint32_t ordinal; /* of the victim among live processes, oldest first */
    bool met;         /* false: it had no victim, and gets none */
};

/* The result of a planned injection. */
enum injection_result {
    INJECTION_HIT,
    INJECTION_GONE,      /* the victim exited before the injection */
    INJECTION_NO_VICTIM, /* no victim to choose */
    INJECTION_SPARED,    /* the blast radius forbade it */
    INJECTION_REFUSED,   /* by the kernel, with `error` */
    INJECTION_RESULTS
};

struct injection {
    struct planned_injection plan;
    const struct fault *fault;
    enum injection_result result;
    pid_t pid;            /* 0 if no victim was chosen */
    uint32_t ordinal, of; /* index of the victim among `of` candidates, oldest
                             first */
    int error;            /* errno, with INJECTION_REFUSED */
    uint64_t at_us;       /* actual time, monotonic */
    /* Set by a recorder. */
    int64_t slot;    /* of the victim; -1: none, or not known */
    uint32_t losses; /* attributed to it */
};

/* Name in output and run.json: "hit", "was gone already", ... */
const char *injection_result_name(enum injection_result result);

#define MONKEY_MINUTE_MAX 4096 /* max value of max_minute */
#define MONKEY_KILLED_MAX 256

struct monkey {
    struct ev_loop *loop;
    const struct fault_options *options;
    pid_t root;
    const struct slots *slots; /* updated by the owner; may be NULL */
    struct injection_schedule plan;
    /* Unless NULL, these injections, in order of time, replace those that the
     * seed would decide.  See selection_again for their victims. */
    const struct past_injection *past;
    uint32_t past_count, past_next; /* index of the next one */
    struct planned_injection next;
    bool planned;   /* `next` is valid */
    bool lost_root; /* the root exited: injections have ended */
    uint64_t start_us;
    uint64_t counts[INJECTION_RESULTS];
    uint64_t
        minute_us[MONKEY_MINUTE_MAX]; /* ring of the times of the last hits */
    uint64_t hits;
    struct victim killed[MONKEY_KILLED_MAX]; /* ring of the last with SIGKILL */
    uint64_t kills;
    struct rolling *rolling[FAULTS_MAX]; /* NULL: not TIMING_ROLLING */
    struct victims victims;
    struct effects effects;
    ev_timer timer;

    void *context;
    void (*on_injection)(void *context, const struct injection *injected);
    void (*on_done)(void *context); /* all injections are done and all effects
                                       reverted, or the root exited */
};

/* The victims are processes below `root`.  `options` must outlive the monkey.
 * Never returns NULL. */
struct monkey *monkey_new(struct ev_loop *loop,
                          const struct fault_options *options, pid_t root,
                          uint64_t seed);

/* Starts the schedule: its time 0 is now.  Set `slots`, `past` and the
 * callbacks before. */
void monkey_start(struct monkey *monkey);

/* Carries out all remaining planned injections immediately.  Call it at the end
 * of the fault phase: injections planned for its last moments belong to it. */
void monkey_finish(struct monkey *monkey);

/* Cancels planned injections and reverts every effect. */
void monkey_stop(struct monkey *monkey);

/* Only for monkey.c: carries out `plan` now and reports it.  `past` is the same
 * injection of an earlier run to replay, or NULL.  If the root has exited, sets
 * lost_root and reports nothing. */
void monkey_carry_out(struct monkey *monkey,
                      const struct planned_injection *plan,
                      const struct past_injection *past);

/* Stops it first.  `monkey` may be NULL. */
void monkey_free(struct monkey *monkey);

#endif
