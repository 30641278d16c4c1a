/* SPDX-License-Identifier: MIT */
/*
 * internal.h - functions that the files of a trial share (see trial.h).
 *
 *   trial.c   lifetime and events
 *   phases.c  phases
 */
#ifndef CHAOS_TRIAL_INTERNAL_H
#define CHAOS_TRIAL_INTERNAL_H

#include "chaos/trial/trial.h"

/* Changes the phase.  Only trial_run sets the phase directly, if the target
 * does not start. */
void trial_enter(struct trial *trial, enum trial_phase phase);

/* Enters the next phase; skips a baseline or recovery of length 0. */
void trial_next_phase(struct trial *trial);

/* Ends the trial from any phase, with `why` as the result. */
void trial_end_early(struct trial *trial, enum trial_end why);

/* Ends the fault phase if a limit of the options is exceeded. */
void trial_abort_beyond_limits(struct trial *trial);

/* Arms the timer that ends the current phase. */
void trial_wait(struct trial *trial, uint64_t us);
void trial_on_phase_over(struct ev_loop *loop, ev_timer *timer, int revents);

/* Raises the priority of this process, because a client that is scheduled late
 * measures itself.  Requires CAP_SYS_NICE; without it, does nothing.  Returns
 * the former niceness. */
int trial_raise_priority(void);

/* The target's first process, or 0 if it is not known. */
pid_t trial_root(const struct trial *trial);

#endif
