/* SPDX-License-Identifier: MIT */
/*
 * selection.h - chooses the victim of an injection among the live processes.
 *
 * Reads CLOCK_BOOTTIME to compute the age of processes; pure otherwise.
 */
#ifndef CHAOS_FAULTS_SELECTION_H
#define CHAOS_FAULTS_SELECTION_H

#include "chaos/faults/monkey.h"

/* Whether the fault chooses victims in turn and needs a struct rolling. */
bool selection_takes_turns(const struct fault *fault);

/*
 * Pure.  Chooses among `count` victims, which must be in a stable order.
 * Returns an index, or -1 if none fits.  For CHOOSE_ALL returns 0, and the
 * caller hits all of them.  For CHOOSE_ROOT returns -1: the root is not among
 * them.
 */
int selection_choose(const struct fault *fault, uint64_t draw,
                     const struct victim *victims, uint32_t count);

/* Chooses a victim by the fault's rule, and sets slot and is_starting of all
 * victims.  Returns an index into their list, or -1 if none fits.  `slots`
 * NULL: no slots are known.  `rolling` is the fault's own and keeps its state
 * between injections; NULL unless selection_takes_turns. */
int selection_make(const struct fault *fault,
                   const struct planned_injection *plan,
                   struct victims *victims, const struct slots *slots,
                   struct rolling *rolling);

/* Chooses the victim of an injection to replay: the process in the same slot;
 * else the one at the same index in the order of age; else, if there are fewer
 * processes now, one by the same random draw.  Returns -1 if the injection had
 * no victim in the earlier run, or if there is none now. */
int selection_again(const struct past_injection *past,
                    const struct victims *victims, const struct slots *slots);

#endif
