/* SPDX-License-Identifier: MIT */
/*
 * fault.h - the faults of a run, as configured.
 *
 * An experiment contains these structs and its keys fill them; everything that
 * injects faults reads them there.
 */
#ifndef CHAOS_FAULTS_FAULT_H
#define CHAOS_FAULTS_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAULTS_MAX 16

enum fault_kind {
    FAULT_SIGNAL,  /* sends a signal */
    FAULT_STOP,    /* sends SIGSTOP, and SIGCONT after `effect_us` */
    FAULT_SLOW,    /* nice 19 among CPU hogs, for that long */
    FAULT_MEMORY,  /* limits the address space to `limit`, for that long */
    FAULT_FILES,   /* limits descriptors to `limit`, for that long */
    FAULT_REQUEST, /* requests that ask the target for a fault */
    FAULT_CLIENTS, /* clients that misbehave */
    FAULT_KINDS
};

/* The kinds before this one hit processes, at the times of a schedule. */
#define FAULT_PROCESS_KINDS FAULT_REQUEST

enum timing {
    TIMING_EVERY,   /* every `interval` */
    TIMING_POISSON, /* at random times, `interval` apart on average */
    TIMING_BURST,   /* `burst` injections at once, every `interval` */
    TIMING_ROLLING, /* every `interval`, victims in turn (rolling.h) */
    TIMING_ONCE,    /* once, at `interval` */
    TIMING_RAMP,    /* at a rate that rises linearly from 0 to one per
                       `interval` at end_us */
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

enum client_behaviour {
    CLIENT_SLOW,       /* sends an endless request, one byte at a time */
    CLIENT_SILENT,     /* connects and sends nothing */
    CLIENT_DEAF,       /* sends requests and reads no response */
    CLIENT_HALF_CLOSE, /* sends a request, shuts down writing, reads */
    CLIENT_ABORT,      /* sends a request and resets the connection */
    CLIENT_BEHAVIOURS
};

struct fault {
    const char *name;
    enum fault_kind kind;
    uint64_t start_us; /* since the start of the fault phase: nothing before */
    uint64_t end_us;   /* on the same clock: nothing at or after */
    uint64_t end_key_us; /* the key `end`, or 0; experiment_complete sets end_us
                            from it, and nothing else reads it */

    /* Of the kinds that hit processes. */
    enum timing timing;
    uint64_t interval_us; /* more than 0 */
    uint64_t burst;       /* for TIMING_BURST, at least 1 */
    uint64_t count;       /* max injections; 0: no limit */
    enum victim_choice victim;
    uint64_t slot;       /* for CHOOSE_SLOT */
    uint64_t max_age_us; /* for CHOOSE_STARTING */
    int signal;          /* of FAULT_SIGNAL */
    uint64_t effect_us;
    uint64_t limit; /* bytes, or descriptors */

    const char *query; /* of FAULT_REQUEST */
    double share;      /* of FAULT_REQUEST: of the client's requests, 0 to 1 */
    enum client_behaviour behaviour; /* of FAULT_CLIENTS */
    uint64_t connections;            /* of FAULT_CLIENTS, at a time */
};

struct blast_radius {
    uint64_t min_alive;  /* live processes that an injection must leave */
    uint64_t max;        /* max injections of the run; 0: no limit */
    uint64_t max_minute; /* max in any 60 s; 0: no limit */
};

struct fault_options {
    struct fault list[FAULTS_MAX];
    uint32_t count;
    bool descendants;    /* also hits children of children of the root */
    const char *pattern; /* fnmatch(3) on the command line; NULL: any */
    struct blast_radius radius;
};

/* The index of the fault whose name is the first `length` bytes of `name`, or
 * -1. */
int fault_named(const struct fault_options *options, const char *name,
                size_t length);

/* The first fault of that kind, or NULL. */
const struct fault *fault_of_kind(const struct fault_options *options,
                                  enum fault_kind kind);

/* Whether any of the faults hits processes. */
bool faults_hit_processes(const struct fault_options *options);

/* The name of its signal (KILL) or else of its kind (stop).  Static text. */
const char *fault_verb(const struct fault *fault);

/* Names in experiment files and options; NULL-terminated. */
extern const char *const fault_kind_names[FAULT_KINDS + 1];
extern const char *const timing_names[TIMINGS + 1];
extern const char *const victim_choice_names[VICTIM_CHOICES + 1];
extern const char *const client_behaviour_names[CLIENT_BEHAVIOURS + 1];

#endif
