/*
 * connections.h - every connection the supervisor holds: its descriptor, its
 * owner, where it waits and how it ends.
 *
 * Nothing here knows a worker.  A connection that is ready for one is put into
 * a queue, from which dispatch.h takes it; how long it may wait where, and what
 * then, is in deadlines.h.
 */
#ifndef SUPERVISOR_CONNECTIONS_CONNECTIONS_H
#define SUPERVISOR_CONNECTIONS_CONNECTIONS_H

#include "supervisor/supervisor.h"

/* Holds the connection `fd` of the client `peer` (accept(2)) from now on, and
 * waits for its first request. */
void connections_adopt(struct supervisor *supervisor, int fd, bool is_tcp,
                       const struct sockaddr_storage *peer);

/* Puts a connection that no worker holds where it waits for `kind`, which is
 * not LIST_LINGER. */
void connections_wait(struct supervisor *supervisor,
                      struct held_connection *held, enum list_kind kind);

/* It goes on waiting where it waits. */
void connections_wait_on(struct supervisor *supervisor,
                         struct held_connection *held);

/* Puts it into the queue for a worker that suits it. */
void connections_queue(struct supervisor *supervisor,
                       struct held_connection *held);

/* The same for one that waits for something else. */
void connections_requeue(struct supervisor *supervisor,
                         struct held_connection *held);

/* Takes it out of the list it waits in. */
void connections_unlist(struct supervisor *supervisor,
                        struct held_connection *held);

/* Frees what a worker left of a request. */
void connections_forget_saved_request(struct supervisor *supervisor,
                                      struct held_connection *held);

/* Ends the connections that have stalled longest, if what they are still to
 * get takes too much memory. */
void connections_bound_saved_requests(struct supervisor *supervisor);

/* How a connection ends, for the totals. */
enum connection_end { END_CLOSED, END_CLIENT_GONE, END_REFUSED, END_LOST };

/* Ends the connection `fd` for its client, whoever has duplicates of it, and
 * closes the descriptor. */
void connections_end(int fd);

/* Closes it at once.  A request in hand ends the same way. */
void connections_drop(struct supervisor *supervisor,
                      struct held_connection *held, enum connection_end end);

/* Closes it so that the client gets all that was sent: what it still sends is
 * discarded, for a while. */
void connections_linger(struct supervisor *supervisor,
                        struct held_connection *held, enum connection_end end);

/* That while is over. */
void connections_end_linger(struct supervisor *supervisor,
                            struct held_connection *held);

#endif
