/*
 * schedule.h - what will be injected, when: decided by a seed alone.
 *
 * Pure.  Each fault of an experiment draws from a stream of its own, so that
 * adding a fault does not change what the others do.  The same faults and the
 * same seed give the same injections, bit for bit; how they map to processes is
 * the only thing that the bucket decides (injection_schedule_choose).
 */
#ifndef CHAOS_FAULTS_SCHEDULE_H
#define CHAOS_FAULTS_SCHEDULE_H

#include "supervisor/policy/random.h"
#include <stdbool.h>
#include <stdint.h>

#define SCHEDULE_FAULTS_MAX 16

enum timing {
    TIMING_EVERY,   /* every `interval` */
    TIMING_POISSON, /* at random, `interval` apart on average */
    TIMING_BURST,   /* `burst` injections at once, every `interval` */
    TIMING_ROLLING, /* every `interval`, one victim after the other (rolling.h)
                     */
    TIMING_ONCE,    /* once, at `interval` */
    TIMING_RAMP,    /* from none to one an `interval`, rising evenly until
                       end_us, which must be near */
    TIMINGS
};

enum victim_choice {
    CHOOSE_RANDOM,
    CHOOSE_NEWEST,
    CHOOSE_OLDEST,
    CHOOSE_BUSIEST,  /* most processor time since it started */
    CHOOSE_STARTING, /* one younger than the instant when it gets ready */
    CHOOSE_ALL,
    CHOOSE_SLOT, /* whoever sits in one slot of a supervisor */
    CHOOSE_ROOT, /* the target's root, which no other choice meets */
    VICTIM_CHOICES
};

/* When one fault hits.  Times count from the start of the faults. */
struct fault_schedule {
    enum timing timing;
    uint64_t interval_us; /* more than 0 */
    uint32_t burst;       /* for TIMING_BURST, at least 1 */
    uint64_t start_us;    /* not before */
    uint64_t end_us;      /* not at or after */
    uint64_t max;         /* injections in all; 0: no limit */
};

/* One decision. */
struct planned_injection {
    uint64_t at_us;
    uint32_t fault;  /* which of the plan's faults */
    uint64_t number; /* which hit of that fault, from 0 */
    uint64_t draw;   /* the random bits that choose the victim */
};

struct injection_stream {
    struct fault_schedule schedule;
    struct random random;
    uint64_t at_us;  /* of the injection that comes next */
    uint64_t number; /* its number */
    bool over;
};

struct injection_schedule {
    uint32_t count;
    struct injection_stream streams[SCHEDULE_FAULTS_MAX];
};

/* Lays down the plan of `count` faults, at most SCHEDULE_FAULTS_MAX. */
void injection_schedule_begin(struct injection_schedule *plan, uint64_t seed,
                              const struct fault_schedule *schedules,
                              uint32_t count);

/* The next injection in order of time; ties go to the fault named first.
 * Returns false when there are none left. */
bool injection_schedule_next(struct injection_schedule *plan,
                             struct planned_injection *injection);

/* What a choice may look at in a possible victim. */
struct victim_traits {
    uint64_t started; /* any unit: larger is newer */
    uint64_t busy;    /* any unit: larger is busier */
    bool starting;
    bool in_slot; /* it sits in the slot that is asked for */
};

/*
 * Which of `count` possible victims, kept in a stable order, an injection
 * meets: an index, or -1 when none fits.  For CHOOSE_ALL the answer is the
 * first; the caller hits them all.  For CHOOSE_ROOT it is -1: the root is none
 * of them.
 */
int injection_schedule_choose(enum victim_choice choice,
                              const struct planned_injection *injection,
                              const struct victim_traits *victims,
                              uint32_t count);

/* As experiments and options call them; NULL-terminated. */
extern const char *const timing_names[TIMINGS + 1];
extern const char *const victim_choice_names[VICTIM_CHOICES + 1];

#endif
