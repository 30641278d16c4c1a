/* SPDX-License-Identifier: MIT */
/* recently_killed.c - see recently_killed.h. */
#include "chaos/faults/recently_killed.h"

void recently_killed_add(struct recently_killed *recently_killed,
                         const struct victim *victim)
{
    recently_killed->ring[recently_killed->count++ % RECENTLY_KILLED_MAX] =
        *victim;
}

static bool is_recently_killed(const struct recently_killed *recently_killed,
                               const struct victim *victim)
{
    uint64_t count = recently_killed->count < RECENTLY_KILLED_MAX
                         ? recently_killed->count
                         : RECENTLY_KILLED_MAX;

    for (uint64_t i = 0; i < count; i++)
        if (recently_killed->ring[i].pid == victim->pid &&
            recently_killed->ring[i].started_ticks == victim->started_ticks)
            return true;
    return false;
}

void recently_killed_leave_out(const struct recently_killed *recently_killed,
                               struct victims *victims)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < victims->count; i++)
        if (!is_recently_killed(recently_killed, &victims->list[i]))
            victims->list[kept++] = victims->list[i];
    victims->count = kept;
}
