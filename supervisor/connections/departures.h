/* SPDX-License-Identifier: MIT */
/*
 * departures.h - closes queued connections whose clients are gone.
 *
 * A dead connection (reset or timed out, as the kernel reports it) is closed
 * instead of handed to a worker.  A client that has only shut down its sending
 * side still waits for a response, and is served.
 */
#ifndef SUPERVISOR_CONNECTIONS_DEPARTURES_H
#define SUPERVISOR_CONNECTIONS_DEPARTURES_H

#include "supervisor/supervisor.h"

/* Call before departures_expect(). */
void departures_prepare(struct supervisor *supervisor);

/* Call when a connection starts to wait for a worker: checks all that wait
 * regularly until none does.  A dead connection would count towards
 * --max-connections. */
void departures_expect(struct supervisor *supervisor);

/* Closes the connection, which no worker holds, if it is dead.  Returns whether
 * it was dead. */
bool departures_close(struct supervisor *supervisor,
                      struct held_connection *held);

#endif
