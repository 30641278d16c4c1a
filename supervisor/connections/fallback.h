/*
 * fallback.h - what becomes of a connection that no worker is to be had for.
 *
 * The one place where the supervisor itself speaks to a client, without having
 * looked at the request: it sends what a worker has committed; refuses with 502
 * what may have run and must not run twice; and else with 503.
 */
#ifndef SUPERVISOR_CONNECTIONS_FALLBACK_H
#define SUPERVISOR_CONNECTIONS_FALLBACK_H

#include "supervisor/supervisor.h"

/* Its time in the queue is over. */
void fallback_expire(struct supervisor *supervisor,
                     struct held_connection *held);

/* No worker will come any more: what waits for one is refused, what waits for
 * its client is closed. */
void fallback_end_all(struct supervisor *supervisor);

/* The same for one, which may also come from a worker's hands. */
void fallback_end(struct supervisor *supervisor, struct held_connection *held);

/* The end has come: closes what has asked nothing. */
void fallback_close_idle(struct supervisor *supervisor);

#endif
