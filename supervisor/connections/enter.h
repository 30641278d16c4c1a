/* SPDX-License-Identifier: MIT */
/*
 * enter.h - changes the state of a connection.
 */
#ifndef SUPERVISOR_CONNECTIONS_ENTER_H
#define SUPERVISOR_CONNECTIONS_ENTER_H

#include "supervisor/connections/held_connection.h"
#include "supervisor/supervisor.h"

/* The only function that changes the state of a connection: leaves the list of
 * the old state, enters that of the new one, and watches the descriptor if the
 * new state says so (policy/connection_state.h, which must list the step). */
void connection_enter(struct supervisor *supervisor,
                      struct held_connection *held, enum connection_state next);

/* Gives a connection that has a deadline a new one. */
void connection_renew_deadline(struct supervisor *supervisor,
                               struct held_connection *held);

#endif
