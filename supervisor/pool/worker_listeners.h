/*
 * worker_listeners.h - what workers accept from, where they accept themselves.
 *
 * With --schedule shared every slot's worker gets the supervisor's listeners;
 * with reuseport each slot has listeners of its own (SO_REUSEPORT, socket(7)),
 * among which the kernel chooses by a hash of the connection's addresses.  A
 * listener comes to a worker by message, when it has its slot: a spare accepts
 * nothing.  What waits in a listener is reset when its last descriptor is
 * closed, unless net.ipv4.tcp_migrate_req is 1: then another one of the same
 * port gets it.  With --keep-listeners the supervisor has that descriptor, and
 * the slot's next worker gets what waits.
 *
 * Does nothing where the supervisor accepts.
 */
#ifndef SUPERVISOR_POOL_WORKER_LISTENERS_H
#define SUPERVISOR_POOL_WORKER_LISTENERS_H

#include "supervisor/supervisor.h"

/* Opens every slot's own listeners, so that connections may wait for its first
 * worker.  Returns NULL; or the address that the system refused, with errno
 * set. */
const char *worker_listeners_open(struct supervisor *supervisor);

/* The worker that sits there has just got its slot: gives it what it accepts
 * from.  One that can't be given it is killed, which is logged. */
void worker_listeners_give(struct supervisor *supervisor, struct child *child);

/* Closes what is still the supervisor's. */
void worker_listeners_close(struct supervisor *supervisor);

#endif
