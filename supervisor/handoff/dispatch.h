/*
 * dispatch.h - from the queue to a worker.
 *
 * Urgent connections first: their last worker died.  Then those that queue and,
 * in turn with them, those whose clients are slow; of either the addresses of
 * the clients take turns (fairness.h).  Suspects go to a worker
 * that holds nothing else.
 */
#ifndef SUPERVISOR_HANDOFF_DISPATCH_H
#define SUPERVISOR_HANDOFF_DISPATCH_H

#include "supervisor/supervisor.h"

/* Hands over what can be handed over now. */
void dispatch(struct supervisor *supervisor);

#endif
