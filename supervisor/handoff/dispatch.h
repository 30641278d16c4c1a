/* SPDX-License-Identifier: MIT */
/*
 * dispatch.h - hands queued connections to workers.
 *
 * Suspects are first, and each needs a worker that holds nothing else.  Then
 * come urgent connections, whose last worker died.  Then LIST_QUEUE and
 * LIST_LATER (slow clients) are served in turn; within each of them client
 * addresses take turns (fairness.h).
 */
#ifndef SUPERVISOR_HANDOFF_DISPATCH_H
#define SUPERVISOR_HANDOFF_DISPATCH_H

#include "supervisor/supervisor.h"

/* Hands as many connections to workers as possible now. */
void dispatch(struct supervisor *supervisor);

/* Call after the worker's channel was opened, and before it is closed. */
void dispatch_open(struct child *child);
void dispatch_close(struct child *child);

#endif
