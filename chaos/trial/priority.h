/* SPDX-License-Identifier: MIT */
/*
 * priority.h - runs the load generator at a higher priority than its target.
 *
 * A client that is scheduled late measures itself.  It needs little CPU time
 * but needs it promptly.  Requires CAP_SYS_NICE; without it, does nothing.
 */
#ifndef CHAOS_TRIAL_PRIORITY_H
#define CHAOS_TRIAL_PRIORITY_H

/* Raises the priority of this process and of its future children.  Returns the
 * former niceness, for priority_restore. */
int priority_raise(void);

void priority_restore(int niceness);

#endif
