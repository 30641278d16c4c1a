/* SPDX-License-Identifier: MIT */
/*
 * worker_listeners.h - listeners for workers that accept connections
 * themselves.
 *
 * With --schedule shared the worker of every slot gets the listeners of the
 * supervisor.  With reuseport each slot has its own listeners (SO_REUSEPORT,
 * socket(7)), among which the kernel chooses by a hash of the addresses of the
 * connection.  A worker gets its listeners by message when it gets a slot; a
 * spare has none.
 *
 * When the last descriptor of a listener is closed, the kernel resets the
 * connections in its backlog, or moves them to another listener of the same
 * port if net.ipv4.tcp_migrate_req is 1.  With --keep-listeners the supervisor
 * keeps a descriptor, so that the next worker of the slot gets these
 * connections.
 *
 * These functions do nothing if the supervisor accepts.
 */
#ifndef SUPERVISOR_POOL_WORKER_LISTENERS_H
#define SUPERVISOR_POOL_WORKER_LISTENERS_H

#include "supervisor/supervisor.h"

/* Opens the listeners of every slot, so that connections can wait for its first
 * worker.  Returns NULL; or the first address that cannot be opened, with errno
 * set. */
const char *worker_listeners_open(struct supervisor *supervisor);

/* Call when the worker of `child` got its slot: sends the listeners.  If that
 * fails, logs the error and kills the worker. */
void worker_listeners_give(struct supervisor *supervisor, struct child *child);

/* Closes the supervisor's descriptors of the slots' listeners. */
void worker_listeners_close(struct supervisor *supervisor);

#endif
