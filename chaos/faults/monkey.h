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

#include "chaos/faults/inject.h"
#include "chaos/faults/recently_killed.h"
#include "chaos/faults/rolling.h"
#include "chaos/faults/schedule.h"
#include "chaos/faults/victims.h"
#include "chaos/target/slots.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

enum monkey_fault_kind {
    MONKEY_SIGNAL, /* sends a signal */
    MONKEY_STOP,   /* sends SIGSTOP, and SIGCONT after `effect_us` */
    MONKEY_SLOW,   /* nice 19 among CPU hogs, for that long */
    MONKEY_MEMORY, /* limits the address space to `limit`, for that long */
    MONKEY_FILES,  /* limits descriptors to `limit`, for that long */
    MONKEY_FAULT_KINDS
};

extern const char *const monkey_fault_kind_names[MONKEY_FAULT_KINDS + 1];

struct monkey_fault {
    const char *name;
    enum monkey_fault_kind kind;
    int signal;
    uint64_t effect_us;
    uint64_t limit; /* bytes, or descriptors */
    enum victim_choice choice;
    uint64_t slot;        /* for CHOOSE_SLOT */
    uint64_t starting_us; /* for CHOOSE_STARTING: max age */
    struct fault_schedule schedule;
};

/* The name of its signal (KILL) or else of its kind (stop).  Static text. */
const char *monkey_fault_verb(const struct monkey_fault *fault);

struct blast_radius {
    uint64_t min_alive;  /* live processes that an injection must leave */
    uint64_t max;        /* max injections of the run; 0: no limit */
    uint64_t max_minute; /* max in any 60 s; 0: no limit */
};

/* An injection of an earlier run, to be replayed. */
struct past_injection {
    struct planned_injection plan;
    int64_t slot;     /* of the victim; -1: not known, or a spare */
    uint32_t ordinal; /* of the victim among live processes, oldest first */
    bool met;         /* false: it had no victim, and gets none */
};

struct monkey_options {
    struct victim_rule rule; /* root 0: no process is hit */
    struct blast_radius radius;
    const struct monkey_fault *faults; /* must outlive the monkey */
    uint32_t fault_count;
    uint64_t seed;
    const struct slots *slots; /* updated by the owner; may be NULL */
    /* Unless NULL, these injections, in order of time, replace those that the
     * seed would decide.  See selection_again for their victims.  Must outlive
     * the monkey. */
    const struct past_injection *past;
    uint32_t past_count;
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
    const struct monkey_fault *fault;
    enum injection_result result;
    pid_t pid;            /* 0 if no victim was chosen */
    uint32_t ordinal, of; /* index of the victim among `of` candidates, oldest
                             first */
    int error;            /* errno, with INJECTION_REFUSED */
    uint64_t at_us;       /* actual time, monotonic */
};

/* Name in output and run.json: "hit", "was gone already", ... */
const char *injection_result_name(enum injection_result result);

#define MONKEY_MINUTE_MAX 4096 /* max value of max_minute */

struct monkey {
    struct ev_loop *loop;
    struct monkey_options options;
    struct injection_schedule plan;
    uint32_t past_next; /* index of the next one in `past` */
    struct planned_injection next;
    bool planned;   /* `next` is valid */
    bool lost_root; /* the root exited: injections have ended */
    uint64_t start_us;
    uint64_t counts[INJECTION_RESULTS];
    uint64_t
        minute_us[MONKEY_MINUTE_MAX]; /* ring of the times of the last hits */
    uint64_t hits;
    struct recently_killed recently_killed;
    struct rolling *rolling[SCHEDULE_FAULTS_MAX]; /* NULL: not TIMING_ROLLING */
    struct victims victims;
    struct effects effects;
    ev_timer timer;

    void *context;
    void (*on_injection)(void *context, const struct injection *injected);
    void (*on_done)(void *context); /* all injections are done and all effects
                                       reverted, or the root exited */
};

/* Never returns NULL. */
struct monkey *monkey_new(struct ev_loop *loop,
                          const struct monkey_options *options);

/* Starts the schedule: its time 0 is now. */
void monkey_start(struct monkey *monkey);

/* Carries out all remaining planned injections immediately.  Call it at the end
 * of the fault phase: injections planned for its last moments belong to it. */
void monkey_finish(struct monkey *monkey);

/* Cancels planned injections and reverts every effect. */
void monkey_stop(struct monkey *monkey);

/* Stops it first.  `monkey` may be NULL. */
void monkey_free(struct monkey *monkey);

#endif
