/* backoff.c - the delay before a fork; saturates where doubling overflows. */
#include "supervisor/policy/backoff.h"

static uint64_t at_most(uint64_t limit, uint64_t value)
{
    return value < limit ? value : limit;
}

/* base * 2^doublings, at most cap. */
static uint64_t doubled(const struct backoff *backoff, uint32_t doublings)
{
    if (doublings >= 64 || backoff->base_us > backoff->cap_us >> doublings)
        return at_most(backoff->cap_us, backoff->base_us ? UINT64_MAX : 0);
    return backoff->base_us << doublings;
}

uint64_t backoff_most_us(const struct backoff *backoff, uint32_t failures)
{
    if (failures < 2)
        return 0;
    switch (backoff->kind) {
    case BACKOFF_CONSTANT:
        return at_most(backoff->cap_us, backoff->base_us);
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
    uint64_t most = backoff_most_us(backoff, failures);

    if (backoff->kind != BACKOFF_JITTER || most == 0)
        return most;
    return random_below(random, most + 1);
}
