/*
 * deadlines.h - how long a connection may wait where, and what then.
 */
#ifndef SUPERVISOR_CONNECTIONS_DEADLINES_H
#define SUPERVISOR_CONNECTIONS_DEADLINES_H

#include "supervisor/supervisor.h"

/* Makes the lists, each with its timeout.  Comes before the port is opened to
 * connections. */
void deadlines_set(struct supervisor *supervisor);

/* Until when it may wait for `kind`, if it begins to at `now_us`; both are
 * monotonic. */
uint64_t deadlines_of(const struct supervisor *supervisor,
                      struct held_connection *held, enum list_kind kind,
                      uint64_t now_us);

/* Of one whose request has come in part: how much of --header-timeout is left
 * for the rest, in microseconds. */
uint64_t deadlines_arrival_left_us(const struct supervisor *supervisor,
                                   const struct held_connection *held,
                                   uint64_t now_us);

#endif
