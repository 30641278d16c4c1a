/*
 * recently_killed.h - who has got SIGKILL, and is as good as dead.
 *
 * /proc may show him alive for a while: he is neither to be injected again nor
 * to be counted among those who live.
 */
#ifndef CHAOS_FAULTS_RECENTLY_KILLED_H
#define CHAOS_FAULTS_RECENTLY_KILLED_H

#include "chaos/faults/victims.h"
#include <stdint.h>

#define RECENTLY_KILLED_MAX 256 /* the last ones are remembered */

/* Nobody when all zero. */
struct recently_killed {
    struct victim ring[RECENTLY_KILLED_MAX];
    uint64_t count; /* of all, ever */
};

void recently_killed_add(struct recently_killed *recently_killed,
                         const struct victim *victim);

/* Takes them out of the list. */
void recently_killed_leave_out(const struct recently_killed *recently_killed,
                               struct victims *victims);

#endif
