/* SPDX-License-Identifier: MIT */
/*
 * fault_injector.h - runs all faults of a trial.
 *
 * The monkey, misbehaving clients and requests that ask for a fault begin
 * together and end together; effects are reverted at the end.
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
    double fault_request_share; /* of the client's requests, 0 to 1 */
    uint64_t fault_request_start_us, fault_request_end_us; /* end 0: until
                                                      fault_injector_end */
    struct bad_clients_options bad_clients[SCHEDULE_FAULTS_MAX];
    uint32_t bad_clients_count;
};

/* All zero initially. */
struct fault_injector {
    struct monkey *monkey; /* kept after the end, for its counts */
    struct bad_clients *bad_clients[SCHEDULE_FAULTS_MAX];
    struct client *client;
    struct ev_loop *loop;
    double fault_request_share;
    ev_timer fault_requests_begin, fault_requests_end;
};

/* Begins all faults against the target of `client`.  The faults in `options`,
 * but not `options` itself, must outlive the injector. */
void fault_injector_begin(
    struct fault_injector *fault_injector, struct ev_loop *loop,
    const struct fault_injector_options *options, struct client *client,
    void (*on_injection)(void *context, const struct injection *injected),
    void *context);

/* Carries out the remaining planned injections immediately (monkey_finish). */
void fault_injector_finish(struct fault_injector *fault_injector);

/* Ends all faults and reverts effects.  May be called at any time and
 * repeatedly. */
void fault_injector_end(struct fault_injector *fault_injector);

void fault_injector_free(struct fault_injector *fault_injector);

#endif
