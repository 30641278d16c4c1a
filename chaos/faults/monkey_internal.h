/*
 * monkey_internal.h - what the files of a monkey ask of each other; for nobody
 * else (see monkey.h).
 *
 *   monkey.c      its lifetime, and when it injections
 *   inject_one.c  one injection
 */
#ifndef CHAOS_FAULTS_MONKEY_INTERNAL_H
#define CHAOS_FAULTS_MONKEY_INTERNAL_H

#include "chaos/faults/monkey.h"

/* Injects as planned, now, and tells of it; `past`: whom the same injection met
 * in an earlier run, or NULL.  Sets lost_root when there is nobody to hit any
 * more. */
void monkey_carry_out(struct monkey *monkey,
                      const struct planned_injection *plan,
                      const struct past_injection *past);

#endif
