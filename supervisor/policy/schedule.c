/* schedule.c - one walk round the workers, from where the last one ended. */
#include "supervisor/policy/schedule.h"

size_t schedule_pick(enum schedule_kind kind, const uint32_t *in_hand,
                     size_t count, size_t *cursor)
{
    size_t best = count;

    for (size_t step = 0; step < count; step++) {
        size_t i = (*cursor + step) % count;

        if (in_hand[i] == SCHEDULE_CLOSED)
            continue;
        if (best == count || in_hand[i] < in_hand[best])
            best = i;
        if (kind == SCHEDULE_RR || in_hand[best] == 0)
            break;
    }
    if (best < count)
        *cursor = best + 1;
    return best;
}
