/* SPDX-License-Identifier: MIT */
/* schedule.c - see schedule.h. */
#include "supervisor/policy/schedule.h"

bool schedule_by_kernel(enum schedule_kind kind)
{
    return kind == SCHEDULE_SHARED || kind == SCHEDULE_REUSEPORT;
}

const char *schedule_name(enum schedule_kind kind)
{
    switch (kind) {
    case SCHEDULE_RR:
        return "rr";
    case SCHEDULE_LEAST:
        return "least";
    case SCHEDULE_SHARED:
        return "shared";
    case SCHEDULE_REUSEPORT:
        return "reuseport";
    case SCHEDULE_KINDS:
        break;
    }
    return "unknown";
}

size_t schedule_pick(enum schedule_kind kind, const uint32_t *loads,
                     size_t count, size_t *cursor)
{
    size_t best = count;

    for (size_t step = 0; step < count; step++) {
        size_t i = (*cursor + step) % count;

        if (loads[i] == SCHEDULE_CLOSED)
            continue;
        if (best == count || loads[i] < loads[best])
            best = i;
        if (kind == SCHEDULE_RR || loads[best] == 0)
            break;
    }
    if (best < count)
        *cursor = best + 1;
    return best;
}
