/* SPDX-License-Identifier: MIT */
/*
 * deadline_list.h - a list of connections, ordered by deadline, with one timer.
 *
 * The links are in the connections: a list allocates nothing, and a connection
 * is in at most one list.
 */
#ifndef SUPERVISOR_CONNECTIONS_DEADLINE_LIST_H
#define SUPERVISOR_CONNECTIONS_DEADLINE_LIST_H

#include "supervisor/connections/held_connection.h"
#include "supervisor/supervisor.h"

typedef void connection_expired(struct supervisor *supervisor,
                                struct held_connection *held);

struct deadline_list {
    struct held_connection *head, *tail;
    uint64_t timeout_us;
    ev_timer timer;
    connection_expired *on_expired;
    struct supervisor *supervisor;
};

/* Initialises an empty list.  Once a deadline has passed, on_expired() is
 * called with its connection; it must remove the connection from the list or
 * give it a later deadline. */
void deadline_list_prepare(struct supervisor *supervisor,
                           struct deadline_list *list, uint64_t timeout_us,
                           connection_expired *on_expired);

/* Adds a connection that is in no list; both times are monotonic. */
void deadline_list_add(struct deadline_list *list, struct held_connection *held,
                       uint64_t deadline_us, uint64_t now_us);

/* Removes a connection that is in the list. */
void deadline_list_remove(struct deadline_list *list,
                          struct held_connection *held);

#endif
