/* SPDX-License-Identifier: MIT */
/* pause.c - the exponential delay of backoff.h, from the first failure on. */
#include "supervisor/policy/pause.h"
#include "supervisor/policy/backoff.h"

uint64_t pause_us(uint32_t failures, uint64_t max_us)
{
    const struct backoff backoff = { .kind = BACKOFF_EXPONENTIAL,
                                     .base_us = PAUSE_MIN_US,
                                     .cap_us = max_us };

    return backoff_max_us(&backoff,
                          failures < UINT32_MAX ? failures + 1 : failures);
}
