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

/* Accepts from one listening socket. */
struct acceptor {
    const struct port_socket *socket;
    ev_io watcher;
    struct supervisor *supervisor;
};

struct acceptors {
    struct acceptor each[OPTIONS_LISTEN_MAX]; /* socket_count of them */
    bool is_accepting;
    bool pause_logged;    /* the event accept-paused was logged */
    uint32_t failures;    /* in a row, for example EMFILE */
    ev_timer pause_timer; /* the pause after a failure */
};

/* Opens every address.  Returns NULL; or the first address that cannot be
 * opened, with errno set. */
const char *acceptor_open(struct supervisor *supervisor);

/* Logs every address, and the budget of --max-response-memory. */
void acceptor_announce(struct supervisor *supervisor, uint64_t budget_bytes);

/* Starts to accept connections, unless workers accept themselves. */
void acceptor_start(struct supervisor *supervisor);

/* Call when a connection was freed: ends a pause at --max-connections. */
void acceptor_make_room(struct supervisor *supervisor);

/* Accepts what waits in the backlog, unless workers accept themselves, then
 * closes the port. */
void acceptor_close(struct supervisor *supervisor);

/* Starts the watchers again that the kernel has refused (pool/rewatch.h). */
void acceptor_rewatch(struct supervisor *supervisor);

/* Closes what is still open; connections in the backlog are reset. */
void acceptor_destroy(struct supervisor *supervisor);

#endif
