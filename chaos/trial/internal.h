/*
 * internal.h - what the files of a trial ask of each other; for nobody else
 * (see trial.h).
 *
 *   trial.c   its lifetime, and what it hears meanwhile
 *   phases.c  from phase to phase
 */
#ifndef CHAOS_TRIAL_INTERNAL_H
#define CHAOS_TRIAL_INTERNAL_H

#include "chaos/trial/trial.h"

/* The only place where the phase changes. */
void trial_enter(struct trial *trial, enum trial_phase phase);

/* The next phase that lasts any time. */
void trial_go_on(struct trial *trial);

/* Whatever it was doing, it ends now, for this reason. */
void trial_end_early(struct trial *trial, enum trial_end why);

/* Arms the timer that ends a phase. */
void trial_wait(struct trial *trial, uint64_t us);
void trial_on_phase_over(struct ev_loop *loop, ev_timer *timer, int revents);

/* The target's first process, or 0 when it is not known. */
pid_t trial_root(const struct trial *trial);

#endif
