/* SPDX-License-Identifier: MIT */
/* backoff.c - see backoff.h. */
#include "supervisor/policy/backoff.h"

/* base * 2^doublings, at most cap. */
static uint64_t doubled(const struct backoff *backoff, uint32_t doublings)
{
    if (backoff->base_us == 0)
        return 0;
    if (doublings >= 64 || backoff->base_us > backoff->cap_us >> doublings)
        return backoff->cap_us;
    return backoff->base_us << doublings;
}

uint64_t backoff_max_us(const struct backoff *backoff, uint32_t failures)
{
    if (failures < 2)
        return 0;
    switch (backoff->kind) {
    case BACKOFF_CONSTANT:
        return doubled(backoff, 0);
    case BACKOFF_EXPONENTIAL:
    case BACKOFF_JITTER:
        return doubled(backoff, failures - 2);
    case BACKOFF_NONE:
    case BACKOFF_KINDS:
        break;
    }
    return 0;
}

uint64_t backoff_delay_us(const struct backoff *backoff, uint32_t failures,
                          struct random *random)
{
    uint64_t max = backoff_max_us(backoff, failures);

    if (backoff->kind != BACKOFF_JITTER || max == 0)
        return max;
    return random_below(random, max + 1);
}
