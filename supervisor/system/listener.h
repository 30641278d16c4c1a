/*
 * listener.h - the port: opening it, and taking connections from it.
 *
 * The supervisor owns the port for all of its life, so connections wait in the
 * backlog while no worker is there, and are never refused.
 */
#ifndef SUPERVISOR_SYSTEM_LISTENER_H
#define SUPERVISOR_SYSTEM_LISTENER_H

#include "supervisor/policy/address.h"
#include <stddef.h>

/* What an address takes at most as text, with its final NUL. */
#define LISTENER_NAME_BYTES 128

/*
 * Opens a listening socket, non-blocking and close-on-exec.  Every accepted
 * connection inherits a receive buffer that holds `queue_bytes` unread.  A Unix
 * socket's file gets the permissions `mode`; one left behind by a process that
 * is gone (nobody listens there) is replaced.
 * Returns the descriptor, the caller's to close; or -1 with errno set.
 */
int listener_open(const struct address *address, size_t queue_bytes,
                  unsigned mode);

/* Closes it, and removes a Unix socket's file. */
void listener_close(int listener);

/* The address it really has, the port the kernel chose included: host and port
 * apart, port 0 and the path as host for a Unix socket. */
void listener_name(int listener, char host[LISTENER_NAME_BYTES],
                   unsigned *port);

/*
 * Takes the next connection, non-blocking and close-on-exec, with TCP_NODELAY.
 * Returns its descriptor, the caller's to close; or -1 with errno EAGAIN (none
 * waits), EMFILE or ENFILE (no descriptor is left; what waits goes on waiting)
 * or another of accept(2), which concerns that connection alone.
 */
int listener_accept(int listener);

#endif
