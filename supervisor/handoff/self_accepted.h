/*
 * self_accepted.h - what a worker takes with it, where workers accept
 * themselves.
 *
 * Nobody else holds a connection that a worker accepted, so it ends with the
 * worker.  What the worker did until then stands in its account
 * (worker/protocol/account.h), which is read when it is dead, checked, and
 * added to the totals; what it had is lost.
 */
#ifndef SUPERVISOR_HANDOFF_SELF_ACCEPTED_H
#define SUPERVISOR_HANDOFF_SELF_ACCEPTED_H

#include "supervisor/log/obituary.h"
#include "supervisor/supervisor.h"

/* Settles the account of the child's dead worker, and tells the obituary; the
 * request it was working on is copied to *suspect.  One that has cost
 * --max-attempts workers is quarantined (poison.h). */
void self_accepted_settle(struct supervisor *supervisor, struct child *child,
                          struct obituary *obituary, struct record *suspect);

#endif
