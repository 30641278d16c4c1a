/*
 * recovery.h - what follows for a connection that came back.
 *
 * It is in nobody's hands and in no list, and its record has been believed
 * (reclaim.h): now it is handed on, waits for its client, is refused or is
 * closed.
 */
#ifndef SUPERVISOR_HANDOFF_RECOVERY_H
#define SUPERVISOR_HANDOFF_RECOVERY_H

#include "supervisor/supervisor.h"

/* It came back from a living worker: puts it where it waits, or closes it. */
void recovery_returned(struct supervisor *supervisor,
                       struct held_connection *held, enum record_state state);

/* Its worker died, and `blame` falls on its request: hands it on, refuses it
 * or closes it, as policy/retry.h says. */
void recovery_orphaned(struct supervisor *supervisor,
                       struct held_connection *held, enum record_state state,
                       enum retry_blame blame);

#endif
