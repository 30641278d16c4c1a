/* SPDX-License-Identifier: MIT */
/*
 * recently_killed.h - processes that got SIGKILL recently.
 *
 * /proc may show them as alive for a while: they must not be hit again
 * or counted as live.
 */
#ifndef CHAOS_FAULTS_RECENTLY_KILLED_H
#define CHAOS_FAULTS_RECENTLY_KILLED_H

#include "chaos/faults/victims.h"
#include <stdint.h>

#define RECENTLY_KILLED_MAX 256 /* only the last ones are kept */

/* Empty when all zero. */
struct recently_killed {
    struct victim ring[RECENTLY_KILLED_MAX];
    uint64_t count; /* of all processes ever added */
};

void recently_killed_add(struct recently_killed *recently_killed,
                         const struct victim *victim);

/* Removes recently killed processes from `victims`. */
void recently_killed_leave_out(const struct recently_killed *recently_killed,
                               struct victims *victims);

#endif
