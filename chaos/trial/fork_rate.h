/*
 * fork_rate.h - how fast this machine forks, just now.
 *
 * Where answers cost forks, that bounds the load that may be put on: beyond it
 * one would show an overload, not what a crash costs.
 */
#ifndef CHAOS_TRIAL_FORK_RATE_H
#define CHAOS_TRIAL_FORK_RATE_H

/* Forks, exits and reaps children one after the other for a quarter of a
 * second.  Returns how many there would be in a second; 0 if fork fails. */
unsigned fork_rate_per_second(void);

/* With fewer requests a second, what a fault meets is chance. */
#define FORK_RATE_MIN 10

/* How many requests a second suit a target that forks for each, or for some:
 * `share` of the forks that this machine makes just now, but no more than
 * `max-faults`, and no fewer than FORK_RATE_MIN unless `max-faults` is.
 */
double fork_rate_limit(double max, double share);

#endif
