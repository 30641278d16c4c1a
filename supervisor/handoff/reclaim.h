/* SPDX-License-Identifier: MIT */
/*
 * reclaim.h - takes a connection back from its worker and checks the record.
 *
 * The worker may be corrupt, or may have died at any instruction.  So the
 * record is compared with the kernel's counts before any of its contents is
 * used.
 */
#ifndef SUPERVISOR_HANDOFF_RECLAIM_H
#define SUPERVISOR_HANDOFF_RECLAIM_H

#include "supervisor/connections/held_connection.h"
#include "supervisor/supervisor.h"

/*
 * Takes the connection in `record` back from `child`: adds the counts of the
 * record to the totals, saves the unfinished request, and frees the record.
 * Call only when the worker has returned the connection, or after the worker
 * was reaped and its channel was read to the end.  `refused_by_worker`: the
 * worker returned the connection because its record was invalid.
 *
 * Returns the connection, in CONNECTION_RECLAIMED, and sets *state to the state
 * of its record.  Returns NULL if the record is invalid, if the unfinished
 * request cannot be saved, or if it is unknown how many bytes were moved on a
 * Unix socket: the connection was then closed, logged and counted as lost.
 */
struct held_connection *reclaim_take(struct supervisor *supervisor,
                                     struct child *child, uint32_t record,
                                     bool refused_by_worker,
                                     enum record_state *state);

#endif
