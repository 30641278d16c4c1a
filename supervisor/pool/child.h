/*
 * child.h - one worker's place: its state, its deadline, what speaks for it.
 *
 * Applies the table of policy/lifecycle.h, and does what the table answers.  No
 * other file writes a berth's state.  Knows neither how a worker is made
 * (launch.h) nor what its end means (reap.h).
 */
#ifndef SUPERVISOR_POOL_CHILD_H
#define SUPERVISOR_POOL_CHILD_H

#include "supervisor/supervisor.h"

/* Makes the berth number `index`, without a process.  Returns 0; or -1 with
 * errno set, and then too berth_destroy() frees what there is. */
int berth_create(struct supervisor *supervisor, struct berth *berth,
                 uint32_t index);
void berth_destroy(struct berth *berth);

/* Before a fork: nothing of the last worker is in what the next one gets. */
void berth_clear(struct berth *berth);

/* The only place where a berth changes its state. */
void berth_happen(struct supervisor *supervisor, struct berth *berth,
                  enum worker_event event);

/* How long it may remain in its state, from now; a former limit is void. */
void berth_set_timer(struct berth *berth, uint64_t us);

/* The worker has answered, or lived long enough: its failures are forgiven. */
void berth_progress(struct supervisor *supervisor, struct berth *berth);

/* The worker failed: sets berth->delay_us, for how long the berth is to rest,
 * and says so if that makes it a crash loop. */
void berth_fail(struct supervisor *supervisor, struct berth *berth,
                uint64_t now_us);

/* SIGKILL, by our own will. */
void berth_kill(struct berth *berth);

/* SIGKILL, for one that ends anyway or is told to already.  Both are repeated
 * until the system takes the signal. */
void berth_end(struct berth *berth);

/* Does a worker that can be given work sit there? */
bool berth_is_usable(const struct berth *berth);

/* A worker takes the berth's slot, if it has one: as its next generation. */
void berth_sit(struct berth *berth);

#endif
