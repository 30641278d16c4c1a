/*
 * deadline_list.h - connections in the order of their deadlines, with one timer
 * for all of them.
 *
 * Knows nothing of what they wait for.  A list takes no memory of its own, and
 * a connection is in one list at max.
 */
#ifndef SUPERVISOR_CONNECTIONS_DEADLINE_LIST_H
#define SUPERVISOR_CONNECTIONS_DEADLINE_LIST_H

#include "supervisor/supervisor.h"

/* An empty list, whose connections come to on_expired(), one by one, when
 * their deadlines have passed; that takes each out of the list. */
void deadline_list_prepare(struct supervisor *supervisor,
                           struct deadline_list *list, uint64_t timeout_us,
                           connection_expired *on_expired);

/* Adds one that is in no list; both times are monotonic. */
void deadline_list_add(struct deadline_list *list, struct held_connection *held,
                       uint64_t deadline_us, uint64_t now_us);

/* Takes it out of its list, if it is in one. */
void deadline_list_remove(struct held_connection *held);

#endif
