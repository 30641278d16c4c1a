/* SPDX-License-Identifier: MIT */
/*
 * recovery.h - decides what follows for a connection that came back.
 *
 * The connection is in CONNECTION_RECLAIMED, and its record is valid
 * (reclaim.h).  It is queued for another worker, waits for its client, is
 * refused or is closed.
 */
#ifndef SUPERVISOR_HANDOFF_RECOVERY_H
#define SUPERVISOR_HANDOFF_RECOVERY_H

#include "supervisor/connections/held_connection.h"
#include "supervisor/supervisor.h"

/* A living worker returned the connection. */
void recovery_returned(struct supervisor *supervisor,
                       struct held_connection *held, enum record_state state);

/* The worker died; `blame` says how far the request was the cause.  Applies
 * policy/retry.h. */
void recovery_orphaned(struct supervisor *supervisor,
                       struct held_connection *held, enum record_state state,
                       enum retry_blame blame);

#endif
