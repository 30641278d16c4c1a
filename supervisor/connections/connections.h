/* SPDX-License-Identifier: MIT */
/*
 * connections.h - the connections that the supervisor holds: their descriptors,
 * their states, and how they end.
 *
 * Knows nothing of workers: a connection that needs one enters a state in whose
 * list dispatch.h finds it.  Timeouts are in deadlines.h.
 */
#ifndef SUPERVISOR_CONNECTIONS_CONNECTIONS_H
#define SUPERVISOR_CONNECTIONS_CONNECTIONS_H

#include "supervisor/connections/deadline_list.h"
#include "supervisor/connections/enter.h"
#include "supervisor/connections/held_connection.h"
#include "supervisor/supervisor.h"
#include <sys/socket.h>

struct connections {
    struct held_connection *table; /* `max` of them */
    struct held_connection *free;  /* chained by next */
    uint32_t used;                 /* none from this index on was ever used */
    uint32_t count;
    uint32_t max; /* --max-connections, or less if RLIMIT_NOFILE allows fewer */
    uint32_t lingering;
    uint64_t last_number; /* of a connection */
    uint64_t saved_bytes; /* of responses, in the supervisor's memory */
    struct deadline_list lists[CONNECTION_STATES]; /* of those with deadlines */
    ev_timer departure_timer;
};

/* Allocates the table, for `max` connections.  Returns 0; or -1 with errno set.
 * Call connections_close() in both cases. */
int connections_open(struct supervisor *supervisor, uint32_t max);

/* Closes the descriptors that are still open. */
void connections_close(struct supervisor *supervisor);

/* Starts the watchers again that the kernel has refused (pool/rewatch.h). */
void connections_rewatch(struct supervisor *supervisor);

/* Takes ownership of `fd`, a connection whose client has the address `peer`
 * (accept(2)), and waits for its first request. */
void connections_adopt(struct supervisor *supervisor, int fd, bool is_tcp,
                       const struct sockaddr_storage *peer);

/* Enters CONNECTION_EMPTY_WORKER, CONNECTION_LATER or CONNECTION_QUEUED. */
void connections_queue(struct supervisor *supervisor,
                       struct held_connection *held);

/* Between two requests: enters CONNECTION_QUEUED if a request has arrived or if
 * a worker is to wait for it (--handoff connection), else CONNECTION_IDLE. */
void connections_await_request(struct supervisor *supervisor,
                               struct held_connection *held);

/* A worker got the connection, with its saved request: enters
 * CONNECTION_HANDED.  With --no-retain closes the descriptor. */
void connections_hand(struct supervisor *supervisor,
                      struct held_connection *held,
                      const struct assignment *assignment);

/* The worker let go of the connection, or died: enters CONNECTION_RECLAIMED. */
void connections_reclaim(struct supervisor *supervisor,
                         struct held_connection *held);

/* Saves what a worker left of the request; takes ownership of `saved`, which is
 * allocated with malloc(3). */
void connections_save_request(struct supervisor *supervisor,
                              struct held_connection *held,
                              struct saved_request *saved);
void connections_forget_saved_request(struct supervisor *supervisor,
                                      struct held_connection *held);

/* Drops stalled connections, those with the earliest deadline first, until
 * saved responses have at most `bytes_max` bytes. */
void connections_bound_saved_requests(struct supervisor *supervisor,
                                      uint64_t bytes_max);

/* The total under which the end of a connection, and of its unfinished request,
 * is counted. */
enum connection_end { END_CLOSED, END_CLIENT_GONE, END_REFUSED, END_LOST };

/* Shuts the connection `fd` down, so that the client notices although other
 * processes have duplicates, and closes the descriptor. */
void connections_end(int fd);

/* Counts the end, closes the connection and frees *held. */
void connections_drop(struct supervisor *supervisor,
                      struct held_connection *held, enum connection_end end);

/* Lingering close: shuts down the sending side and discards input until the
 * client closes or a time has passed, so that no reset destroys data that was
 * sent but not read yet. */
void connections_linger(struct supervisor *supervisor,
                        struct held_connection *held, enum connection_end end);

/* Closes a connection whose end was counted, for example one that lingers, and
 * frees *held. */
void connections_release(struct supervisor *supervisor,
                         struct held_connection *held);

#endif
