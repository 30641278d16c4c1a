/*
 * fairness.h - client addresses take turns in the queues for workers.
 *
 * LIST_QUEUE and LIST_LATER keep connections in the order of their deadlines;
 * here the same connections stand in the order in which workers get them
 * (policy/fair_queue.h).  All connections of one address, of one IPv6 /64, or
 * of one user ID on a Unix socket, share the turns of one flow.
 */
#ifndef SUPERVISOR_CONNECTIONS_FAIRNESS_H
#define SUPERVISOR_CONNECTIONS_FAIRNESS_H

#include "supervisor/supervisor.h"
#include <sys/socket.h>

/* Makes the queues, for max_connections.  Returns 0; or -1 with errno set, and
 * then too fairness_close() frees what there is. */
int fairness_open(struct supervisor *supervisor);
void fairness_close(struct supervisor *supervisor);

/* Notes which client a new connection belongs to.  `peer` is its address as
 * accept(2) tells; for a Unix socket the kernel is asked for the user ID. */
void fairness_adopt(struct supervisor *supervisor,
                    const struct held_connection *held,
                    const struct sockaddr_storage *peer);

/* The connection was added to the list it is in, or is about to be removed
 * from it.  Lists other than the two are no affair of this module. */
void fairness_enlist(struct supervisor *supervisor,
                     const struct held_connection *held);
void fairness_unlist(struct supervisor *supervisor,
                     const struct held_connection *held);

/* The connection that is next in that list, LIST_QUEUE or LIST_LATER; NULL if
 * it is empty. */
struct held_connection *fairness_next(struct supervisor *supervisor,
                                      enum list_kind kind);

/* The first connection of the address behind that one; NULL if there is none.
 */
struct held_connection *fairness_after_next(struct supervisor *supervisor,
                                            enum list_kind kind);

/* May the connection, which is in LIST_QUEUE, have a worker now
 * (policy/fair_share.h)?  If not, a worker has a request of the same client,
 * and its end is the time to ask again. */
bool fairness_allows(const struct supervisor *supervisor,
                     const struct held_connection *held);

/* A worker that had the connection has let go of it. */
void fairness_returned(struct supervisor *supervisor,
                       const struct held_connection *held);

/* A worker got the connection, which was in that list. */
void fairness_served(struct supervisor *supervisor, enum list_kind kind,
                     const struct held_connection *held);

#endif
