/*
 * rolling.h - whose turn it is, where victims are injected one after the other.
 *
 * Pure.  Every place has its turn once before any has it twice.  A place is a
 * slot, where the target's log tells of slots; a process that sits in none, a
 * spare, then has no turn.  Elsewhere a place is what a process has and leaves
 * to the next that appears when it dies: so whoever was forked for one that was
 * injected comes after all who have not been.
 */
#ifndef CHAOS_FAULTS_ROLLING_H
#define CHAOS_FAULTS_ROLLING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define ROLLING_MAX                                                            \
    1024 /* places; who finds none waits for one to be left                    \
          */

/* Who could be hit now. */
struct rolling_candidate {
    pid_t pid;
    uint64_t started; /* with the pid, its identity */
    int64_t slot;     /* where it sits; 0: in none, or not known */
};

struct rolling_place {
    struct rolling_candidate holder;
    uint64_t last; /* the turn that it had; 0: none yet */
    uint64_t left; /* before this turn the holder was seen to be gone; 0: he is
                      there */
};

/* Nobody has had a turn when all zero. */
struct rolling {
    struct rolling_place places[ROLLING_MAX];
    uint32_t count;
    uint64_t given;
};

/* Gives the next turn to one of `count` takers, oldest first: who never had one
 * comes first, in the order of slots or of age, and then whose turn is longest
 * ago.  Returns an index, or -1 when nobody has a place. */
int rolling_give(struct rolling *rolling,
                 const struct rolling_candidate *takers, uint32_t count);

#endif
