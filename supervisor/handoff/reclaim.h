/*
 * reclaim.h - what a connection's record says once its worker let go of it.
 *
 * The record was written by a process that may have been mad or is dead, so it
 * is held against the kernel's counts before anything of it is believed.  Only
 * to be called when the worker cannot touch the connection any more: it gave it
 * back, or it was reaped and its channel read to the end.
 */
#ifndef SUPERVISOR_HANDOFF_RECLAIM_H
#define SUPERVISOR_HANDOFF_RECLAIM_H

#include "supervisor/supervisor.h"

/*
 * Takes the connection in `record` back from `child`: adds its counts to the
 * totals, copies what is left to do, and frees the record.  The connection is
 * then in nobody's hands and in no list; *state says where it stands.
 * `refused_by_worker` says that the worker could not believe the record.
 * Returns it; or NULL if the record could not be true, or if it is unclear how
 * much was moved on a Unix socket: the connection is then closed as lost, which
 * is logged and counted.
 */
struct held_connection *reclaim_take(struct supervisor *supervisor,
                                     struct child *child, uint32_t record,
                                     bool refused_by_worker,
                                     enum record_state *state);

#endif
