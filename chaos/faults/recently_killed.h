/*
 * recently_killed.h - who has got SIGKILL, and is as good as dead.
 *
 * /proc may show him alive for a while: he is neither to be struck again nor
 * to be counted among those who live.
 */
#ifndef CHAOS_FAULTS_RECENTLY_KILLED_H
#define CHAOS_FAULTS_RECENTLY_KILLED_H

#include "chaos/faults/victims.h"
#include <stdint.h>

#define DOOMED_MOST 256 /* the last ones are remembered */

/* Nobody when all zero. */
struct doomed {
    struct victim ring[DOOMED_MOST];
    uint64_t count; /* of all, ever */
};

void doomed_add(struct doomed *doomed, const struct victim *victim);

/* Takes them out of the list. */
void doomed_leave_out(const struct doomed *doomed, struct victims *victims);

#endif
