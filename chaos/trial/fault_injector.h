/*
 * fault_injector.h - everything that strikes a target at the same time.
 *
 * Strikes on its processes, clients that misbehave, requests that ask for a
 * fault: begun together, ended together, and all healed then.
 */
#ifndef CHAOS_TRIAL_FAULT_INJECTOR_H
#define CHAOS_TRIAL_FAULT_INJECTOR_H

#include "chaos/faults/bad_clients.h"
#include "chaos/faults/monkey.h"
#include "chaos/load/client.h"
#include <ev.h>
#include <stdint.h>

struct onslaught_options {
    struct monkey_options monkey;
    double provoking_share; /* of the client's requests; needs its query */
    uint64_t provoking_from_us, provoking_until_us; /* 0: to the end */
    struct plague_options plagues[PLAN_FAULTS_MOST];
    uint32_t plague_count;
};

/* Not begun when all zero. */
struct onslaught {
    struct monkey *monkey; /* stays after the end, for its counts */
    struct plague *plagues[PLAN_FAULTS_MOST];
    struct client *client;
    struct ev_loop *loop;
    double provoking_share;
    ev_timer provoking_begins, provoking_ends;
};

/* Begins it on what `client` talks to.  `options` are not needed afterwards,
 * but their faults are. */
void onslaught_begin(struct onslaught *onslaught, struct ev_loop *loop,
                     const struct onslaught_options *options,
                     struct client *client,
                     void (*on_struck)(void *context,
                                       const struct struck *struck),
                     void *context);

/* Its time is over: what was planned for it and is not done yet is done now. */
void onslaught_finish(struct onslaught *onslaught);

/* Ends and heals it; may come at any time, and again. */
void onslaught_end(struct onslaught *onslaught);

void onslaught_free(struct onslaught *onslaught);

#endif
