/* SPDX-License-Identifier: MIT */
/*
 * listener.h - opens listening sockets and accepts connections.
 *
 * The supervisor keeps its listeners open while it serves: without workers,
 * connections wait in the backlog instead of being refused.
 */
#ifndef SUPERVISOR_SYSTEM_LISTENER_H
#define SUPERVISOR_SYSTEM_LISTENER_H

#include "supervisor/policy/address.h"
#include <stddef.h>
#include <stdint.h>

/* Max. length of an address as text, with the final NUL. */
#define LISTENER_NAME_BYTES 128

/*
 * Opens a listening socket, non-blocking and close-on-exec.  On TCP, accepted
 * connections inherit a receive buffer for `queue_bytes` unread bytes, and
 * SO_SNDBUF `send_bytes` unless that is 0.  The file of a Unix socket gets the
 * permissions `mode`; a stale file (no process listens on it) is replaced.
 * Returns a descriptor that the caller must close; or -1 with errno set:
 * EMSGSIZE if net.core.rmem_max is too small for the receive buffer.
 */
int listener_open(const struct address *address, size_t queue_bytes,
                  uint32_t send_bytes, unsigned mode);

/*
 * Binds a TCP port with SO_REUSEPORT (socket(7)), but does not listen: reserves
 * the port for listener_open_shared().  The kernel chooses the port if it is 0.
 * Returns a descriptor that the caller must close; or -1 with errno set.
 */
int listener_reserve(const struct address *address);

/* Like listener_open(), on the address of `reservation`.  The kernel
 * distributes connections among all listeners of this address. */
int listener_open_shared(int reservation, size_t queue_bytes,
                         uint32_t send_bytes);

/* Closes `listener`; removes the file of a Unix socket. */
void listener_close(int listener);

/* Stores the bound address, with the port that the kernel chose.  For a Unix
 * socket, `host` becomes unix:PATH and *port 0. */
void listener_name(int listener, char host[LISTENER_NAME_BYTES],
                   unsigned *port);

/*
 * Accepts the next connection, non-blocking and close-on-exec; on TCP it has
 * TCP_NODELAY.  Stores the client's address in *peer.
 * Returns a descriptor that the caller must close; or -1 with errno: EAGAIN (no
 * connection is waiting), EMFILE or ENFILE (no free descriptor; the connection
 * stays in the backlog), or another error of accept(2), which concerns this
 * connection only.
 */
int listener_accept(int listener, struct sockaddr_storage *peer);

#endif
