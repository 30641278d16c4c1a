/* recently_killed.c - see recently_killed.h. */
#include "chaos/faults/recently_killed.h"

void doomed_add(struct doomed *doomed, const struct victim *victim)
{
    doomed->ring[doomed->count++ % DOOMED_MOST] = *victim;
}

static bool is_doomed(const struct doomed *doomed, const struct victim *victim)
{
    uint64_t count = doomed->count < DOOMED_MOST ? doomed->count : DOOMED_MOST;

    for (uint64_t i = 0; i < count; i++)
        if (doomed->ring[i].pid == victim->pid &&
            doomed->ring[i].started_ticks == victim->started_ticks)
            return true;
    return false;
}

void doomed_leave_out(const struct doomed *doomed, struct victims *victims)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < victims->count; i++)
        if (!is_doomed(doomed, &victims->list[i]))
            victims->list[kept++] = victims->list[i];
    victims->count = kept;
}
