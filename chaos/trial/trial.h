/*
 * trial.h - one run from beginning to end: a target, a load, faults.
 *
 *   STARTING --ready--> BASELINE --time--> FAULT --time--> RECOVERY --time--.
 *                                                                      |
 *   ENDED <--target gone-- ENDING <--all answered-- DRAINING <---------'
 *
 * STEADY is measured before any fault, AFTER when the faults are over and
 * everything is reverted; either may be left out.  An interruption, or a target
 * that dies, leads to ENDING from anywhere.  Whatever was started is ended,
 * whatever was affected reverted, on every way out.
 */
#ifndef CHAOS_TRIAL_TRIAL_H
#define CHAOS_TRIAL_TRIAL_H

#include "chaos/load/client.h"
#include "chaos/measure/phase_stats.h"
#include "chaos/target/listening_sockets.h"
#include "chaos/target/target.h"
#include "chaos/target/usage.h"
#include "chaos/target/worker_stats.h"
#include "chaos/trial/fault_injector.h"
#include "chaos/trial/signals.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

enum trial_phase {
    TRIAL_STARTING,
    TRIAL_BASELINE,
    TRIAL_FAULT,
    TRIAL_RECOVERY,
    TRIAL_DRAINING,
    TRIAL_ENDING,
    TRIAL_ENDED,
    TRIAL_PHASES
};

/* The three in which requests are due. */
#define TRIAL_MEASURED 3

enum trial_end {
    TRIAL_COMPLETE,
    TRIAL_INTERRUPTED, /* SIGINT, SIGTERM or SIGHUP */
    TRIAL_NOT_STARTED, /* the target did not start: errno_of_start */
    TRIAL_NEVER_READY, /* not within ready_us */
    TRIAL_TARGET_DIED, /* before it was asked to */
    TRIAL_NOT_STEADY,  /* faults would have proved nothing: trial_give_up */
    TRIAL_NO_SLOT      /* a fault wants a slot that its log tells nothing of */
};

struct trial_options {
    const char *const *start; /* the target's argv; NULL: it runs already */
    pid_t pid;           /* then this is its root; 0: no faults, only load */
    uint64_t ready_us;   /* patience with its start; 0: it is not waited for */
    double grace_s;      /* and with its end */
    bool exit_ok;        /* the load outlives it: its end is no failure */
    const char *url;     /* port 0: the one its log tells */
    const char *methods; /* separated by commas */
    const char *paths;   /* see struct client_requests */
    enum token_place token;
    const char *expect;              /* text in every body, or NULL */
    uint64_t body_bytes, post_bytes; /* see struct client_requests */
    struct client_options load;      /* its duration is not looked at */
    struct fault_injector_options fault_injector; /* its root and slots are not
                                           looked at */
    const char *fault_request_query; /* of requests for a fault, or NULL */
    uint64_t seed;
    uint64_t baseline_us, fault_us, recovery_us;
};

struct trial {
    const struct trial_options *options;
    struct ev_loop *loop; /* its own */
    enum trial_phase phase;
    enum trial_end end;
    int error; /* errno of a failed start */
    struct url address;
    struct target target;
    struct client *client; /* NULL until it is ready */
    struct fault_injector fault_injector;
    struct phase_stats fault_requests; /* requests that asked for a fault */
    struct worker_stats worker_stats;
    struct slots slots; /* of the target, if its log tells any */
    struct phase_stats
        phase_stats[TRIAL_MEASURED];     /* by phase, from TRIAL_BASELINE */
    struct usage usages[TRIAL_MEASURED]; /* of the target, likewise */
    struct usage *usage; /* the one that is being measured, or NULL */
    struct listening_sockets listening; /* before the first fault */
    uint64_t phase_us[TRIAL_PHASES];    /* when each began, or 0 */
    char last_words[256]; /* the last line of its log that was no event */
    ev_timer phase_timer, progress_timer, probe_timer;
    struct trial_signals trial_signals;

    /* For whoever shows or records; each may be NULL. */
    void *context;
    void (*on_phase)(void *context, enum trial_phase phase);
    void (*on_progress)(void *context); /* every second */
    void (*on_log_event)(void *context, const struct log_event *log_event,
                         bool injected);
    void (*on_injection)(void *context, const struct injection *injected);
    void (*on_begun)(void *context, const struct load_request *request,
                     uint64_t now_us);
    void (*on_ended)(void *context, const struct load_request *request,
                     enum outcome outcome, uint64_t now_us);
};

/* Whether the url, the methods and the texts can be used: NULL, or a complaint
 * (static text), and in *key of which: "url", "methods", "paths", "expect" or
 * "query".  Looks a name up, and touches nothing else. */
const char *trial_check(const struct trial_options *options, const char **key);

/* Makes a trial; `options` must outlive it.  Returns NULL with a complaint in
 * *why when trial_check has one. */
struct trial *trial_new(const struct trial_options *options, const char **why);

/* Runs it to its end and says which. */
enum trial_end trial_run(struct trial *trial);

/* The phase_stats of a measured phase. */
struct phase_stats *trial_phase_stats(struct trial *trial,
                                      enum trial_phase phase);

/* Asks it to end before its time, from a callback. */
void trial_interrupt(struct trial *trial);

/* The same, because there is no steady state that faults could disturb. */
void trial_give_up(struct trial *trial);

/* Ends the fault phase before its time, and goes on with what comes after. */
void trial_calm(struct trial *trial);

void trial_free(struct trial *trial);

/* "starting", "baseline", "fault", ... */
const char *trial_phase_name(enum trial_phase phase);

#endif
