/* SPDX-License-Identifier: MIT */
/*
 * self_accepted.h - accounts for the connections that a dead worker accepted
 * itself (--schedule shared and reuseport).
 *
 * The supervisor has no duplicate of such a connection, so it is lost with the
 * worker.  What the worker did is in its account (worker/protocol/account.h),
 * which is checked and added to the totals when the worker is dead.
 */
#ifndef SUPERVISOR_HANDOFF_SELF_ACCEPTED_H
#define SUPERVISOR_HANDOFF_SELF_ACCEPTED_H

#include "supervisor/log/obituary.h"
#include "supervisor/supervisor.h"

/* Adds the account of the child's dead worker to the totals and to *obituary.
 * If the worker had a request, copies its record to *suspect and sets
 * obituary->suspect.  Quarantines that request if the worker crashed on it and
 * it has crashed --max-attempts workers (poison.h). */
void self_accepted_settle(struct supervisor *supervisor, struct child *child,
                          struct obituary *obituary, struct record *suspect);

#endif
