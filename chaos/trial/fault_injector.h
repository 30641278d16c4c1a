/*
 * fault_injector.h - everything that injections a target at the same time.
 *
 * Injections on its processes, clients that misbehave, requests that ask for a
 * fault: begun together, ended together, and all reverted then.
 */
#ifndef CHAOS_TRIAL_FAULT_INJECTOR_H
#define CHAOS_TRIAL_FAULT_INJECTOR_H

#include "chaos/faults/bad_clients.h"
#include "chaos/faults/monkey.h"
#include "chaos/load/client.h"
#include <ev.h>
#include <stdint.h>

struct fault_injector_options {
    struct monkey_options monkey;
    double fault_request_share; /* of the client's requests; needs its query */
    uint64_t fault_request_start_us, fault_request_end_us; /* 0: to the end */
    struct bad_clients_options bad_clients[SCHEDULE_FAULTS_MAX];
    uint32_t bad_clients_count;
};

/* Not begun when all zero. */
struct fault_injector {
    struct monkey *monkey; /* stays after the end, for its counts */
    struct bad_clients *bad_clients[SCHEDULE_FAULTS_MAX];
    struct client *client;
    struct ev_loop *loop;
    double fault_request_share;
    ev_timer fault_requests_begin, fault_requests_end;
};

/* Begins it on what `client` talks to.  `options` are not needed afterwards,
 * but their faults are. */
void fault_injector_begin(
    struct fault_injector *fault_injector, struct ev_loop *loop,
    const struct fault_injector_options *options, struct client *client,
    void (*on_injection)(void *context, const struct injection *injected),
    void *context);

/* Its time is over: what was planned for it and is not done yet is done now. */
void fault_injector_finish(struct fault_injector *fault_injector);

/* Ends and reverts it; may come at any time, and again. */
void fault_injector_end(struct fault_injector *fault_injector);

void fault_injector_free(struct fault_injector *fault_injector);

#endif
