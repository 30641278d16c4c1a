/* SPDX-License-Identifier: MIT */
/*
 * backoff.h - the delay before a fork after consecutive failures.
 *
 * Pure.  There is no delay after the first failure.  BACKOFF_JITTER is "full
 * jitter" (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog,
 * 2015).
 */
#ifndef SUPERVISOR_POLICY_BACKOFF_H
#define SUPERVISOR_POLICY_BACKOFF_H

#include "supervisor/policy/random.h"
#include <stdint.h>

enum backoff_kind {
    BACKOFF_NONE,        /* 0 */
    BACKOFF_CONSTANT,    /* base */
    BACKOFF_EXPONENTIAL, /* base * 2^(failures - 2), at most cap */
    BACKOFF_JITTER,      /* uniformly random, from 0 to the exponential delay */
    BACKOFF_KINDS
};

struct backoff {
    enum backoff_kind kind;
    uint64_t base_us;
    uint64_t cap_us; /* max. delay, for every kind */
};

/* Returns the delay after `failures` consecutive failures.  Uses `random` for
 * BACKOFF_JITTER only. */
uint64_t backoff_delay_us(const struct backoff *backoff, uint32_t failures,
                          struct random *random);

/* Returns the max. of backoff_delay_us(). */
uint64_t backoff_max_us(const struct backoff *backoff, uint32_t failures);

#endif
