/*
 * pool.h - all workers: children, the slots that clients see, and who has
 * which.
 *
 * What happens to one worker is in child.h; how it comes, speaks and goes in
 * launch.h, inbox.h and reap.h.
 */
#ifndef SUPERVISOR_POOL_POOL_H
#define SUPERVISOR_POOL_POOL_H

#include "supervisor/supervisor.h"

/* Makes the children and the slots; nothing is forked yet.  Returns 0; or -1
 * with errno set. */
int pool_create(struct supervisor *supervisor);
void pool_destroy(struct supervisor *supervisor);

/* Wants a worker in every child, and watches over those that come. */
void pool_start(struct supervisor *supervisor);

/* Promotes spares into the slots whose workers are of no use. */
void pool_fill_slots(struct supervisor *supervisor);

/* Tells every worker that each answer is to end its connection. */
void pool_announce_last(struct supervisor *supervisor);

/* Wants no worker any more: asks those there are to leave. */
void pool_drain(struct supervisor *supervisor);

/* Kills every worker. */
void pool_kill(struct supervisor *supervisor);

/* Is every child empty, for good? */
bool pool_is_absent(const struct supervisor *supervisor);

#endif
