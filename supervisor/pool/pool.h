/* SPDX-License-Identifier: MIT */
/*
 * pool.h - all children, and the slots that clients see.
 *
 * One worker is in child.h; its fork, messages and exit are in launch.h,
 * inbox.h and reap.h.
 */
#ifndef SUPERVISOR_POOL_POOL_H
#define SUPERVISOR_POOL_POOL_H

#include "supervisor/supervisor.h"

/* Creates the children and the slots, without forking.  Returns 0; or -1 with
 * errno set.  Call pool_destroy() in both cases. */
int pool_create(struct supervisor *supervisor);
void pool_destroy(struct supervisor *supervisor);

/* Requests a worker for every child, and starts the watchdog. */
void pool_start(struct supervisor *supervisor);

/* Promotes spares into slots whose workers take no connections. */
void pool_fill_slots(struct supervisor *supervisor);

/* Tells every worker to close each connection after its next answer. */
void pool_announce_last(struct supervisor *supervisor);

/* Requests no more workers, and asks living ones to exit. */
void pool_drain(struct supervisor *supervisor);

/* Kills every worker. */
void pool_kill(struct supervisor *supervisor);

/* Is every child without a process, and is none requested? */
bool pool_is_absent(const struct supervisor *supervisor);

#endif
