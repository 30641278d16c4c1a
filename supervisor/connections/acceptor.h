/*
 * acceptor.h - where connections come from, and when none is taken.
 *
 * The backlog is the queue of those that are not taken: the port is paused when
 * there is no capacity, but stays open as long as the supervisor serves.
 */
#ifndef SUPERVISOR_CONNECTIONS_ACCEPTOR_H
#define SUPERVISOR_CONNECTIONS_ACCEPTOR_H

#include "supervisor/supervisor.h"

/* Opens every address.  Returns NULL; or the one that the system refused, with
 * errno set. */
const char *acceptor_open(struct supervisor *supervisor);

/* Says where it listens. */
void acceptor_announce(struct supervisor *supervisor);

/* Starts to take connections. */
void acceptor_start(struct supervisor *supervisor);

/* A connection has gone: takes others again, if there was no room for them. */
void acceptor_make_room(struct supervisor *supervisor);

/* Takes what waits in the backlog, if it is the supervisor that accepts, then
 * closes the port. */
void acceptor_close(struct supervisor *supervisor);

/* Closes what is still open, whoever waits there. */
void acceptor_destroy(struct supervisor *supervisor);

#endif
