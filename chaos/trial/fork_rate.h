/* SPDX-License-Identifier: MIT */
/*
 * fork_rate.h - measures how many processes per second this machine can fork.
 *
 * If responses require forks, this limits the load: a higher load would measure
 * an overload, not the cost of a crash.
 */
#ifndef CHAOS_TRIAL_FORK_RATE_H
#define CHAOS_TRIAL_FORK_RATE_H

/* At a lower rate of requests, few faults hit a worker with a request. */
#define FORK_RATE_MIN 10

/* Returns a number of requests per second for a target that forks for requests:
 * `share` of the processes that this machine forks per second, but at least
 * FORK_RATE_MIN and at most `max` (also if `max` is lower than FORK_RATE_MIN).
 * Blocks for a quarter of a second. */
double fork_rate_limit(double max, double share);

#endif
