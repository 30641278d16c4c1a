/*
 * child.h - one worker's place: its state, its deadline, what speaks for it.
 *
 * Applies the table of policy/lifecycle.h, and does what the table answers.  No
 * other file writes a child's state.  Knows neither how a worker is made
 * (launch.h) nor what its end means (reap.h).
 */
#ifndef SUPERVISOR_POOL_CHILD_H
#define SUPERVISOR_POOL_CHILD_H

#include "supervisor/supervisor.h"

/* Makes the child number `index`, without a process.  Returns 0; or -1 with
 * errno set, and then too child_destroy() frees what there is. */
int child_create(struct supervisor *supervisor, struct child *child,
                 uint32_t index);
void child_destroy(struct child *child);

/* Before a fork: nothing of the last worker is in what the next one gets. */
void child_clear(struct child *child);

/* The only place where a child changes its state. */
void child_handle_event(struct supervisor *supervisor, struct child *child,
                        enum worker_event event);

/* How long it may remain in its state, from now; a former limit is
 * inconclusive. */
void child_set_timer(struct child *child, uint64_t us);

/* The worker has answered, or lived long enough: its failures are forgiven. */
void child_progress(struct supervisor *supervisor, struct child *child);

/* The worker failed: sets child->delay_us, for how long the child is to rest,
 * and says so if that makes it a crash loop. */
void child_fail(struct supervisor *supervisor, struct child *child,
                uint64_t now_us);

/* SIGKILL, by our own will. */
void child_kill(struct child *child);

/* SIGKILL, for one that ends anyway or is told to already.  Both are repeated
 * until the system takes the signal. */
void child_end(struct child *child);

/* Does a worker that can be given work sit there? */
bool child_is_usable(const struct child *child);

/* A worker takes the child's slot, if it has one: as its next generation. */
void child_take_slot(struct child *child);

#endif
