/*
 * selection.h - whom of those alive an injection meets.
 *
 * Reads a clock (who is young?) and nothing else.
 */
#ifndef CHAOS_FAULTS_SELECTION_H
#define CHAOS_FAULTS_SELECTION_H

#include "chaos/faults/monkey.h"

/* The fault hits one after the other: its choices need turns. */
bool selection_takes_turns(const struct monkey_fault *fault);

/* By the fault's own rule.  Returns an index into the list of victims, or -1
 * when none fits.  `slots` may be NULL: then nobody sits in any.  `turns` are
 * the fault's own, and go on from hit to hit; NULL: it takes none. */
int selection_make(const struct monkey_fault *fault,
                   const struct planned_injection *plan,
                   const struct victims *victims, const struct slots *slots,
                   struct rolling *rolling);

/* As it was in an earlier run: whoever sits in the same slot; else whoever has
 * the same place in the order of age; else, if there are fewer now, by the
 * same draw.  Nobody if it was nobody. */
int selection_again(const struct past_injection *past,
                    const struct victims *victims, const struct slots *slots);

#endif
