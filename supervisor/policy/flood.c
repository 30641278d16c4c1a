/* SPDX-License-Identifier: MIT */
/* flood.c - see flood.h. */
#include "supervisor/policy/flood.h"

#define SECOND_US UINT64_C(1000000)

_Static_assert(SECOND_US % FLOOD_COUNTS_PER_S_MAX == 0,
               "a COUNT takes whole microseconds");

bool flood_allows_count(struct flood *flood, uint64_t handoff, uint64_t now_us)
{
    uint64_t passed_us = now_us - flood->counted_us;

    if (handoff > 0) {
        bool counted = flood->handoff == handoff;

        flood->handoff = handoff;
        return !counted;
    }
    flood->debt_us =
        flood->debt_us > passed_us ? flood->debt_us - passed_us : 0;
    flood->debt_us += SECOND_US / FLOOD_COUNTS_PER_S_MAX;
    flood->counted_us = now_us;
    return flood->debt_us <= SECOND_US;
}

bool flood_allows_other(struct flood *flood)
{
    if (flood->others < FLOOD_OTHERS_MAX) {
        flood->others++;
        return true;
    }
    return false;
}
