/* SPDX-License-Identifier: MIT */
/*
 * fallback.h - answers or closes a connection for which there is no worker.
 *
 * The only module that writes to a client.  It does not read the request.  It
 * sends what a worker has committed; it refuses other requests: with 502 if the
 * request may have run and must not run twice, else with 503.
 */
#ifndef SUPERVISOR_CONNECTIONS_FALLBACK_H
#define SUPERVISOR_CONNECTIONS_FALLBACK_H

#include "supervisor/supervisor.h"

/* Call when the connection has waited for a worker for --queue-timeout. */
void fallback_expire(struct supervisor *supervisor,
                     struct held_connection *held);

/* Call when no worker will be free any more: refuses requests that wait for a
 * worker, and closes connections that wait for their clients. */
void fallback_end_all(struct supervisor *supervisor);

/* The same for one connection, which may have just come back from a worker. */
void fallback_end(struct supervisor *supervisor, struct held_connection *held);

/* Closes connections without a request, at the start of the shutdown. */
void fallback_close_idle(struct supervisor *supervisor);

#endif
