/*
 * pool.h - the workers: fork, online, exit, promotion, drain.
 *
 * Carries out what policy/ decides.  Each thing that happens to a worker is
 * fetched, decoded, journaled and handed to the table of policy/lifecycle.h.
 */
#ifndef SUPERVISOR_POOL_H
#define SUPERVISOR_POOL_H

#include "supervisor/supervisor.h"

/* Makes the berths and the slots; nothing is forked yet.  Returns 0; or -1 with
 * errno set. */
int pool_create(struct supervisor *supervisor);
void pool_destroy(struct supervisor *supervisor);

/* Wants a worker in every berth. */
void pool_start(struct supervisor *supervisor);

/* The only place where a berth changes its state. */
void pool_happen(struct supervisor *supervisor, struct berth *berth,
                 enum worker_event event);

/* The worker has answered, or lived long enough: its failures are forgiven. */
void pool_progress(struct supervisor *supervisor, struct berth *berth);

/* Forks one worker, if one is wanted and permitted.  Returns whether there may
 * be more to fork at once. */
bool pool_fork_one(struct supervisor *supervisor);

/* The worker's channel takes nothing now: leaves it alone until it does. */
void pool_choke(struct supervisor *supervisor, struct berth *berth);

/* Tells every worker that each answer is to end its connection. */
void pool_announce_last(struct supervisor *supervisor);

/* Wants no worker any more: asks those there are to leave. */
void pool_drain(struct supervisor *supervisor);

/* Kills every worker. */
void pool_kill(struct supervisor *supervisor);

/* Is every berth empty, for good? */
bool pool_is_absent(const struct supervisor *supervisor);

#endif
