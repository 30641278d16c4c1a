/* SPDX-License-Identifier: MIT */
/*
 * connections.h - the connections that the supervisor holds: their descriptors,
 * the lists in which they wait, and how they end.
 *
 * Knows nothing of workers: a connection that needs one is put into a list from
 * which dispatch.h takes it.  Timeouts are in deadlines.h.
 */
#ifndef SUPERVISOR_CONNECTIONS_CONNECTIONS_H
#define SUPERVISOR_CONNECTIONS_CONNECTIONS_H

#include "supervisor/supervisor.h"

/* Takes ownership of `fd`, a connection whose client has the address `peer`
 * (accept(2)), and waits for its first request. */
void connections_adopt(struct supervisor *supervisor, int fd, bool is_tcp,
                       const struct sockaddr_storage *peer);

/* Adds the connection, which no worker holds and which is in no list, to the
 * list `kind`, which must not be LIST_LINGER. */
void connections_wait(struct supervisor *supervisor,
                      struct held_connection *held, enum list_kind kind);

/* Adds the connection to its list again, with a new deadline. */
void connections_wait_on(struct supervisor *supervisor,
                         struct held_connection *held);

/* Adds the connection, which is in no list, to LIST_EMPTY_WORKER, LIST_LATER or
 * LIST_QUEUE. */
void connections_queue(struct supervisor *supervisor,
                       struct held_connection *held);

/* The same for a connection that is in a list. */
void connections_requeue(struct supervisor *supervisor,
                         struct held_connection *held);

/* Stops its watcher and removes the connection from its list, if any. */
void connections_unlist(struct supervisor *supervisor,
                        struct held_connection *held);

void connections_forget_saved_request(struct supervisor *supervisor,
                                      struct held_connection *held);

/* Drops stalled connections, those with the earliest deadline first, until
 * saved responses fit into --max-response-memory. */
void connections_bound_saved_requests(struct supervisor *supervisor);

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
 * client closes or LIST_LINGER times out, so that no reset destroys data that
 * was sent but not read yet. */
void connections_linger(struct supervisor *supervisor,
                        struct held_connection *held, enum connection_end end);

/* Closes a lingering connection. */
void connections_end_linger(struct supervisor *supervisor,
                            struct held_connection *held);

#endif
