/*
 * monkey.h - carries out a plan of injections on a process tree.
 *
 * Injections when the plan says so, whom the plan's draw points at among those
 * who live just then, within the blast radius; tells its owner of every
 * injection, also of those that met nobody.  Reverts what it affected.
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
    MONKEY_SIGNAL, /* one signal, once */
    MONKEY_STOP,   /* SIGSTOP, and SIGCONT after `effect_us` */
    MONKEY_SLOW,   /* last in the queue for a busy processor, for that long */
    MONKEY_MEMORY, /* no more address space than `limit`, for that long */
    MONKEY_FILES,  /* no more descriptors than `limit`, for that long */
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
    uint64_t slot;        /* CHOOSE_SLOT: this one */
    uint64_t starting_us; /* CHOOSE_STARTING: how young a victim must be */
    struct fault_schedule schedule;
};

/* What it does, in a word: its signal, or its kind.  Static text. */
const char *monkey_fault_verb(const struct monkey_fault *fault);

struct blast_radius {
    uint64_t min_alive;  /* processes that an injection must leave alone */
    uint64_t max;        /* injections in all; 0: no limit */
    uint64_t max_minute; /* in any 60 s; 0: no limit */
};

/* An injection of an earlier run, to be repeated. */
struct past_injection {
    struct planned_injection plan;
    int64_t slot;     /* whom it met sat there; -1: not known, or a spare */
    uint32_t ordinal; /* and was that one of those alive, oldest first */
    bool met;         /* else it met nobody, and shall not now */
};

struct monkey_options {
    struct victim_rule rule; /* root 0: nobody is hit */
    struct blast_radius radius;
    const struct monkey_fault
        *faults; /* the owner's, as long as the monkey lives */
    uint32_t fault_count;
    uint64_t seed;
    const struct slots *slots; /* the owner's, kept up to date; may be NULL */
    /* Instead of what the seed would decide, unless NULL: these, in order of
     * time.  Each meets whoever sits in its slot, or else has its place in the
     * order of age.  The owner's, as long as the monkey lives. */
    const struct past_injection *past;
    uint32_t past_count;
};

/* How a planned injection went. */
enum injection_result {
    INJECTION_HIT,
    INJECTION_GONE,    /* it was dead or leaving when the signal came */
    INJECTION_NOBODY,  /* there was no victim to choose */
    INJECTION_SPARED,  /* the blast radius forbade it */
    INJECTION_REFUSED, /* the kernel did: `error` */
    INJECTION_RESULTS
};

struct injection {
    struct planned_injection plan;
    const struct monkey_fault *fault;
    enum injection_result result;
    pid_t pid;            /* 0 when nobody was chosen */
    uint32_t ordinal, of; /* it was that one, from 0, of so many that could be
                             chosen, oldest first */
    int error;            /* errno, with INJECTION_REFUSED */
    uint64_t at_us;       /* when it was really done, monotonic */
};

/* For people: "hit", "was gone already", ... */
const char *injection_result_name(enum injection_result result);

#define MONKEY_MINUTE_MAX 4096 /* most hits a minute that are counted */

struct monkey {
    struct ev_loop *loop;
    struct monkey_options options;
    struct injection_schedule plan;
    uint32_t past_next; /* how much of the past has been repeated */
    struct planned_injection next;
    bool planned;   /* `next` is still to come */
    bool lost_root; /* the root of the tree is gone: nothing more is hit */
    uint64_t start_us;
    uint64_t counts[INJECTION_RESULTS];
    uint64_t minute_us[MONKEY_MINUTE_MAX]; /* when the last hits were, ring */
    uint64_t hits;
    struct recently_killed recently_killed;       /* who got SIGKILL from us */
    struct rolling *rolling[SCHEDULE_FAULTS_MAX]; /* of faults that take them */
    struct victims victims;
    struct effects effects;
    ev_timer timer;

    void *context;
    void (*on_injection)(void *context, const struct injection *injected);
    void (*on_done)(void *context); /* no injection is left, and nobody
                                       affected; or the root is gone */
};

/* Makes a monkey.  Never returns NULL. */
struct monkey *monkey_new(struct ev_loop *loop,
                          const struct monkey_options *options);

/* The plan's time 0 is now. */
void monkey_start(struct monkey *monkey);

/* Injects at once what is still planned: the time that the plan was made for is
 * over, and what fell so late in it that it is not done yet belongs to it all
 * the same. */
void monkey_finish(struct monkey *monkey);

/* Injects no more and reverts every effect. */
void monkey_stop(struct monkey *monkey);

/* Stops it first; NULL is nothing. */
void monkey_free(struct monkey *monkey);

#endif
