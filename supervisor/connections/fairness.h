/* SPDX-License-Identifier: MIT */
/*
 * fairness.h - client addresses take turns in the queues for workers.
 *
 * The lists of the states CONNECTION_QUEUED and CONNECTION_LATER are in the
 * order of deadlines; this module keeps the same connections in the order in
 * which workers get them (policy/fair_queue.h).  All connections of one IPv4
 * address, of one IPv6 /64, or of one user ID on a Unix socket share the turns
 * of one flow.
 */
#ifndef SUPERVISOR_CONNECTIONS_FAIRNESS_H
#define SUPERVISOR_CONNECTIONS_FAIRNESS_H

#include "supervisor/connections/held_connection.h"
#include "supervisor/policy/fair_queue.h"
#include "supervisor/supervisor.h"
#include <sys/socket.h>

struct fairness {
    struct fair_queue queues[2]; /* CONNECTION_QUEUED, CONNECTION_LATER */
    struct fair_secret secret;
    uint64_t *slow_us; /* by flow: when its last slow request ended */
    struct {
        uint32_t flow;
        uint64_t served_us;
    } recent[2]; /* the last two flows that got a worker, newest first */
};

/* Creates the queues.  Call after connections_open().  Returns 0; or -1 with
 * errno set. Call fairness_close() in both cases. */
int fairness_open(struct supervisor *supervisor);
void fairness_close(struct supervisor *supervisor);

/* Assigns a new connection to the flow of its client.  `peer` is the address
 * that accept(2) returned; for a Unix socket the kernel is asked for the user
 * ID. */
void fairness_adopt(struct supervisor *supervisor,
                    const struct held_connection *held,
                    const struct sockaddr_storage *peer);

/* Call when a connection has entered its state, and when it has left `state`.
 * Do nothing for states other than CONNECTION_QUEUED and CONNECTION_LATER. */
void fairness_enlist(struct supervisor *supervisor,
                     const struct held_connection *held);
void fairness_unlist(struct supervisor *supervisor,
                     const struct held_connection *held,
                     enum connection_state state);

/* Returns the next connection in CONNECTION_QUEUED or CONNECTION_LATER; NULL if
 * there is none. */
struct held_connection *fairness_next(struct supervisor *supervisor,
                                      enum connection_state state);

/* Returns the first connection of the flow after that of fairness_next(); NULL
 * if there is none. */
struct held_connection *fairness_after_next(struct supervisor *supervisor,
                                            enum connection_state state);

/* May the connection, which is in CONNECTION_QUEUED, be given a worker now
 * (policy/fair_share.h)?  If not, workers have requests of the same flow: ask
 * again when one of them ends. */
bool fairness_allows(const struct supervisor *supervisor,
                     const struct held_connection *held);

/* Call when a connection came back from its worker. */
void fairness_returned(struct supervisor *supervisor,
                       const struct held_connection *held);

/* Call when a worker got the connection, which was in `state`. */
void fairness_served(struct supervisor *supervisor, enum connection_state state,
                     const struct held_connection *held);

#endif
