/* SPDX-License-Identifier: MIT */
/*
 * schedule.h - plans injections; a seed alone decides their times.
 *
 * Pure.  Each fault of an experiment has its own random stream, so that adding
 * a fault after the others does not change theirs.  The same faults and the
 * same seed give the same plan, bit for bit; only the mapping to processes
 * depends on the processes alive at that time (injection_schedule_choose).
 */
#ifndef CHAOS_FAULTS_SCHEDULE_H
#define CHAOS_FAULTS_SCHEDULE_H

#include "supervisor/policy/random.h"
#include <stdbool.h>
#include <stdint.h>

#define SCHEDULE_FAULTS_MAX 16

enum timing {
    TIMING_EVERY,   /* every `interval` */
    TIMING_POISSON, /* at random times, `interval` apart on average */
    TIMING_BURST,   /* `burst` injections at once, every `interval` */
    TIMING_ROLLING, /* every `interval`, victims in turn (rolling.h) */
    TIMING_ONCE,    /* once, at `interval` */
    TIMING_RAMP,    /* at a rate that rises linearly from 0 to one per
                       `interval` at end_us, which must be finite */
    TIMINGS
};

enum victim_choice {
    CHOOSE_RANDOM,
    CHOOSE_NEWEST,
    CHOOSE_OLDEST,
    CHOOSE_BUSIEST,  /* most CPU time since it started */
    CHOOSE_STARTING, /* a random one among those below a max age */
    CHOOSE_ALL,
    CHOOSE_SLOT, /* the process in a given slot of a supervisor */
    CHOOSE_ROOT, /* the target's root, which no other choice selects */
    VICTIM_CHOICES
};

/* Times of one fault, measured from the start of the fault phase. */
struct fault_schedule {
    enum timing timing;
    uint64_t interval_us; /* more than 0 */
    uint32_t burst;       /* for TIMING_BURST, at least 1 */
    uint64_t start_us;    /* no injection before */
    uint64_t end_us;      /* no injection at or after */
    uint64_t max;         /* max injections of this fault; 0: no limit */
};

struct planned_injection {
    uint64_t at_us;
    uint32_t fault;  /* index of the fault in the plan */
    uint64_t number; /* index among the injections of that fault */
    uint64_t draw;   /* the random bits that choose the victim */
};

struct injection_stream {
    struct fault_schedule schedule;
    struct random random;
    uint64_t at_us;  /* of the next injection */
    uint64_t number; /* of the next injection */
    bool has_ended;
};

struct injection_schedule {
    uint32_t count;
    struct injection_stream streams[SCHEDULE_FAULTS_MAX];
};

/* `count` is at most SCHEDULE_FAULTS_MAX. */
void injection_schedule_begin(struct injection_schedule *plan, uint64_t seed,
                              const struct fault_schedule *schedules,
                              uint32_t count);

/* Gets the next injection in order of time; of simultaneous ones, the one whose
 * fault comes first.  Returns false if none is left. */
bool injection_schedule_next(struct injection_schedule *plan,
                             struct planned_injection *injection);

/* The properties of a candidate that a choice depends on. */
struct victim_traits {
    uint64_t started; /* any unit: larger is newer */
    uint64_t busy;    /* any unit: larger is busier */
    bool starting;
    bool in_slot; /* the slot of the fault */
};

/*
 * Chooses the victim among `count` candidates, which must be in a stable order.
 * Returns an index, or -1 if none fits.  For CHOOSE_ALL returns 0, and the
 * caller hits all of them.  For CHOOSE_ROOT returns -1: the root is not a
 * candidate.
 */
int injection_schedule_choose(enum victim_choice choice,
                              const struct planned_injection *injection,
                              const struct victim_traits *victims,
                              uint32_t count);

/* Names in experiment files and options; NULL-terminated. */
extern const char *const timing_names[TIMINGS + 1];
extern const char *const victim_choice_names[VICTIM_CHOICES + 1];

#endif
