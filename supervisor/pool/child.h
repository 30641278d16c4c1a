/* SPDX-License-Identifier: MIT */
/*
 * child.h - the entry of one worker process: its state and its deadline.
 *
 * Applies the table of policy/lifecycle.h, carries out its actions, and starts
 * the deadline of each state.  Only
 * child_handle_event() and child_carry_out() write child->state.  launch.h
 * forks the worker; reap.h handles its exit.
 */
#ifndef SUPERVISOR_POOL_CHILD_H
#define SUPERVISOR_POOL_CHILD_H

#include "supervisor/supervisor.h"

/* Initialises the child number `index`, without a process.  Returns 0; or -1
 * with errno set.  Call child_destroy() in both cases. */
int child_create(struct supervisor *supervisor, struct child *child,
                 uint32_t index);
void child_destroy(struct child *child);

/* Call before a fork: removes everything that the last worker left. */
void child_clear(struct child *child);

void child_handle_event(struct supervisor *supervisor, struct child *child,
                        enum worker_event event);

/* The worker has answered, or has run for --healthy-after: resets the count of
 * failures in a row, and may close the breaker. */
void child_progress(struct supervisor *supervisor, struct child *child);

/* Carries out a decision of the restart policy, and logs its verdict. */
void child_carry_out(struct supervisor *supervisor, struct child *child,
                     const struct restart_decision *decision);

/* Is the worker online, and does it take connections? */
bool child_is_usable(const struct child *child);

/* Call when a worker gets the slot of the child, if the child has one: starts a
 * new generation of the slot. */
void child_take_slot(struct child *child);

#endif
