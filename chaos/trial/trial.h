/* SPDX-License-Identifier: MIT */
/*
 * trial.h - runs a target under load and faults, from beginning to end.
 *
 *   STARTING --ready--> BASELINE --time--> FAULT --time--> RECOVERY --time--.
 *                                                                           |
 *   ENDED <--target exited-- ENDING <--requests ended-- DRAINING <----------'
 *
 * BASELINE is measured before any fault, RECOVERY after all faults have ended
 * and their effects are reverted; either can have length 0 and is then skipped.
 * An interruption or the exit of the target (unless exit_ok) leads to ENDING
 * from any earlier phase.  Every path ends the target that was started and
 * reverts all effects.
 */
#ifndef CHAOS_TRIAL_TRIAL_H
#define CHAOS_TRIAL_TRIAL_H

#include "chaos/load/client.h"
#include "chaos/measure/phase_stats.h"
#include "chaos/measure/verdict.h"
#include "chaos/target/listening_sockets.h"
#include "chaos/target/target.h"
#include "chaos/target/usage.h"
#include "chaos/target/worker_stats.h"
#include "chaos/trial/fault_injector.h"
#include "chaos/trial/recorder.h"
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

/* The number of phases in which requests begin. */
#define TRIAL_MEASURED 3

enum trial_end {
    TRIAL_COMPLETE,
    TRIAL_INTERRUPTED, /* SIGINT, SIGTERM or SIGHUP */
    TRIAL_NOT_STARTED, /* the target did not start: see `error` */
    TRIAL_NEVER_READY, /* no connection was possible within ready_us */
    TRIAL_TARGET_DIED, /* the target exited before the end of the trial */
    TRIAL_NOT_STEADY,  /* the baseline did not meet the hypothesis */
    TRIAL_NO_SLOT      /* a fault needs a slot that the log does not report */
};

struct trial_options {
    const char *const *argv; /* the target's command; NULL: it runs already */
    uint64_t ready_us;       /* max wait for a first connection; 0: no wait */
    uint64_t grace_us;       /* max wait for its exit after SIGTERM */
    bool exit_ok;            /* the load continues after its exit */
    const char *url;         /* port 0: the port that its log reports */
    struct client_options load;
    struct fault_options faults;
    struct hypothesis
        hypothesis; /* no fault phase unless the baseline met it */
    /* The fault phase ends early beyond these limits, if there is a recorder:
     * lost requests, and availability for that long (0: any). */
    uint64_t abort_lost, abort_for_us;
    double abort_availability;
    uint64_t seed;
    uint64_t baseline_us, fault_us, recovery_us;
};

struct trial {
    const struct trial_options *options;
    pid_t root; /* of a target that runs already; 0: none, no process is hit */
    struct ev_loop *loop; /* owned */
    enum trial_phase phase;
    enum trial_end end;
    int error; /* errno of TRIAL_NOT_STARTED */
    struct url address;
    struct target target;
    struct client *client; /* NULL until the target is ready */
    struct fault_injector fault_injector;
    struct phase_stats fault_requests; /* requests that asked for a fault */
    struct worker_stats worker_stats;
    struct slots slots; /* of the target, if its log reports them */
    struct phase_stats
        phase_stats[TRIAL_MEASURED];     /* index 0: TRIAL_BASELINE */
    struct usage usages[TRIAL_MEASURED]; /* of the target, by the same index */
    struct usage *usage;                 /* of the current phase, or NULL */
    struct listening_sockets listening;  /* before the first fault */
    uint64_t phase_us[TRIAL_PHASES];     /* when each began, monotonic, or 0 */
    char last_words[256]; /* the last line of its log that was not JSON */
    ev_timer phase_timer, progress_timer, probe_timer;
    struct trial_signals trial_signals;

    bool aborted;            /* a limit of the options was exceeded */
    uint32_t buckets_judged; /* of the recorder, for those limits */

    /* The caller may set the following before trial_run. */
    bool inconclusive_ok;              /* the baseline may be inconclusive */
    const struct past_injection *past; /* see struct monkey */
    uint32_t past_count;
    struct recorder *recorder; /* records all events; or NULL */
    void *context;
    void (*on_phase)(void *context, enum trial_phase phase);
    void (*on_progress)(void *context); /* every second */
    /* `injected`: the exit of a process that the monkey hit with SIGKILL. */
    void (*on_log_event)(void *context, const struct log_event *log_event,
                         bool injected);
};

/* Checks url, methods and texts and writes the url to *address.  Returns NULL,
 * or an error message (static text), and sets *key to the option it is about:
 * "url", "methods", "paths", "expect" or "query".  Resolves the host name and
 * has no other side effect. */
const char *trial_check(const struct trial_options *options,
                        struct url *address, const char **key);

/* `options`, which trial_check has accepted, must outlive the trial.  Ends the
 * program with EXIT_BAD_INPUT if trial_check no longer accepts them: then the
 * host name cannot be resolved any more. */
struct trial *trial_new(const struct trial_options *options);

/* Runs the trial to its end and returns how it ended. */
enum trial_end trial_run(struct trial *trial);

/* The phase_stats of a measured phase. */
struct phase_stats *trial_phase_stats(struct trial *trial,
                                      enum trial_phase phase);

/* Ends the trial early with TRIAL_INTERRUPTED.  Call it from a callback. */
void trial_interrupt(struct trial *trial);

void trial_free(struct trial *trial);

/* "starting", "baseline", "fault", ... */
const char *trial_phase_name(enum trial_phase phase);

#endif
