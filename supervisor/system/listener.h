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
#include <stdint.h>

/* What an address takes at most as text, with its final NUL. */
#define LISTENER_NAME_BYTES 128

/*
 * Opens a listening socket, non-blocking and close-on-exec.  Every accepted
 * connection inherits a receive buffer that holds `queue_bytes` unread, and the
 * SO_SNDBUF `send_bytes` unless that is 0 (neither on a Unix socket).  A Unix
 * socket's file gets the permissions `mode`; one left behind by a process that
 * is gone (nobody listens there) is replaced.
 * Returns the descriptor, the caller's to close; or -1 with errno set: EMSGSIZE
 * if the system grants no such buffer (net.core.rmem_max).
 */
int listener_open(const struct address *address, size_t queue_bytes,
                  uint32_t send_bytes, unsigned mode);

/*
 * Binds a TCP port, the kernel's choice if it is 0, and listens to nothing: for
 * listeners beside it (SO_REUSEPORT, socket(7)), which have the same port.
 * Returns the descriptor, the caller's to close; or -1 with errno set.
 */
int listener_reserve(const struct address *address);

/* Opens a listener at the address that `reservation` has, one of any number
 * there, among which the kernel spreads connections.  Otherwise as
 * listener_open(). */
int listener_open_shared(int reservation, size_t queue_bytes,
                         uint32_t send_bytes);

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
 * or another of accept(2), which concerns that connection alone.  *peer becomes
 * the client's address.
 */
int listener_accept(int listener, struct sockaddr_storage *peer);

#endif
