/* SPDX-License-Identifier: MIT */
/*
 * acceptor.h - accepts connections, and pauses when it cannot hold more.
 *
 * During a pause new connections wait in the backlog of the listener, which
 * stays open until the shutdown begins.
 */
#ifndef SUPERVISOR_CONNECTIONS_ACCEPTOR_H
#define SUPERVISOR_CONNECTIONS_ACCEPTOR_H

#include "supervisor/supervisor.h"

/* Opens every address.  Returns NULL; or the first address that cannot be
 * opened, with errno set. */
const char *acceptor_open(struct supervisor *supervisor);

/* Logs every address. */
void acceptor_announce(struct supervisor *supervisor);

/* Starts to accept connections, unless workers accept themselves. */
void acceptor_start(struct supervisor *supervisor);

/* Call when a connection was freed: ends a pause at --max-connections. */
void acceptor_make_room(struct supervisor *supervisor);

/* Accepts what waits in the backlog, unless workers accept themselves, then
 * closes the port. */
void acceptor_close(struct supervisor *supervisor);

/* Closes what is still open; connections in the backlog are reset. */
void acceptor_destroy(struct supervisor *supervisor);

#endif
