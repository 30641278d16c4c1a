/*
 * monkey_internal.h - what the files of a monkey ask of each other; for nobody
 * else (see monkey.h).
 *
 *   monkey.c      its life, and when it strikes
 *   inject_one.c  one strike
 */
#ifndef CHAOS_FAULTS_MONKEY_INTERNAL_H
#define CHAOS_FAULTS_MONKEY_INTERNAL_H

#include "chaos/faults/monkey.h"

/* Strikes as planned, now, and tells of it; `past`: whom the same strike met in
 * an earlier run, or NULL.  Sets lost_root when there is nobody to strike any
 * more. */
void monkey_carry_out(struct monkey *monkey, const struct strike_plan *plan,
                      const struct past_strike *past);

#endif
