/* SPDX-License-Identifier: MIT */
/*
 * rolling.h - chooses victims in turn, for schedule = rolling.
 *
 * Pure.  Every place has one turn before any place has a second turn.  If the
 * target's log reports slots, a place is a slot, and a process without a slot
 * (a spare) has no turn.  Otherwise every process has a place; when it exits, a
 * new process inherits the place.  So the replacement of a victim has its turn
 * after all processes that were not hit yet.
 */
#ifndef CHAOS_FAULTS_ROLLING_H
#define CHAOS_FAULTS_ROLLING_H

#include "chaos/faults/victims.h"
#include <stdint.h>

#define ROLLING_MAX 1024 /* places; a process without one has no turn */

struct rolling_place {
    struct victim holder;
    uint64_t last_turn; /* its number, from 1; 0: none yet */
    uint64_t exit_turn; /* the turn before which the holder was found to have
                         exited; 0: it is alive */
};

/* All zero initially. */
struct rolling {
    struct rolling_place places[ROLLING_MAX];
    uint32_t count;
    uint64_t given; /* number of turns so far */
};

/* Gives the next turn to one of `count` candidates, which are sorted oldest
 * first.  Places without a turn come first, in the order of slots or of age,
 * then the place whose last turn is oldest.  Returns the index of the
 * candidate, or -1 if none has a place. */
int rolling_give(struct rolling *rolling, const struct victim *candidates,
                 uint32_t count);

#endif
