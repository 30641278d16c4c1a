/*
 * departures.h - clients that are gone before a worker got their request.
 *
 * A connection that the kernel calls dead (reset, or timed out) is closed
 * instead of handed over.  A client that has only closed its own direction
 * still waits for its answer, and is served.
 */
#ifndef SUPERVISOR_CONNECTIONS_DEPARTURES_H
#define SUPERVISOR_CONNECTIONS_DEPARTURES_H

#include "supervisor/supervisor.h"

void departures_prepare(struct supervisor *supervisor);

/* Some connection waits for a worker: from now on those that wait are looked at
 * regularly, until none waits.  A dead connection takes room that another could
 * have (--max-connections). */
void departures_expect(struct supervisor *supervisor);

/* Closes the connection, which no worker holds, if it is dead; returns whether
 * it was. */
bool departures_close(struct supervisor *supervisor,
                      struct held_connection *held);

#endif
