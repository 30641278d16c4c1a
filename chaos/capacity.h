/*
 * capacity.h - how fast this machine forks, just now.
 *
 * Where each answer costs a fork, that bounds the load a demonstration may put
 * on: beyond it one would show an overload, not what a crash costs.
 */
#ifndef CHAOS_CAPACITY_H
#define CHAOS_CAPACITY_H

/* Forks, exits and reaps children one after the other for a quarter of a
 * second.  Returns how many there would be in a second; 0 if fork fails. */
unsigned capacity_forks_per_second(void);

#endif
