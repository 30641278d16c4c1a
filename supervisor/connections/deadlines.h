/* SPDX-License-Identifier: MIT */
/*
 * deadlines.h - how long a connection may wait in each state, and what follows.
 */
#ifndef SUPERVISOR_CONNECTIONS_DEADLINES_H
#define SUPERVISOR_CONNECTIONS_DEADLINES_H

#include "supervisor/supervisor.h"

/* Initialises the lists. */
void deadlines_set(struct supervisor *supervisor);

/* Returns the deadline of a connection that has entered its state at `now_us`;
 * both are monotonic.  Call once per step: updates the queue time in *held. */
uint64_t deadlines_of(const struct supervisor *supervisor,
                      struct held_connection *held, uint64_t now_us);

/* Returns how much of --header-timeout is left for the rest of a request that
 * has arrived in part, in microseconds. */
uint64_t deadlines_arrival_left_us(const struct supervisor *supervisor,
                                   const struct held_connection *held,
                                   uint64_t now_us);

#endif
