/* SPDX-License-Identifier: MIT */
/*
 * monkey_internal.h - functions that the monkey's files share (see monkey.h).
 *
 *   monkey.c      lifetime and timer
 *   inject_one.c  one injection
 */
#ifndef CHAOS_FAULTS_MONKEY_INTERNAL_H
#define CHAOS_FAULTS_MONKEY_INTERNAL_H

#include "chaos/faults/monkey.h"

/* Carries out `plan` now and reports it.  `past` is the same injection of an
 * earlier run to replay, or NULL.  If the root has exited, sets lost_root and
 * reports nothing. */
void monkey_carry_out(struct monkey *monkey,
                      const struct planned_injection *plan,
                      const struct past_injection *past);

#endif
