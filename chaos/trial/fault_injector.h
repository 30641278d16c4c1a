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

/* All zero initially. */
struct fault_injector {
    struct monkey *monkey; /* NULL: no process is hit; kept after the end, for
                              its counts */
    struct bad_clients *bad_clients[FAULTS_MAX];
    struct client *client;
};

/* Begins all faults against the target of `client`, and starts the monkey if
 * there is one, which the caller made.  `options` must outlive the injector. */
void fault_injector_begin(struct fault_injector *injector,
                          const struct fault_options *options,
                          struct client *client);

/* Ends all faults and reverts effects.  May be called at any time and
 * repeatedly. */
void fault_injector_end(struct fault_injector *injector);

void fault_injector_free(struct fault_injector *injector);

#endif
