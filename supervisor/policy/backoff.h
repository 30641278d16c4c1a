/*
 * backoff.h - how long a child rests before its next fork.
 *
 * Pure.  The first failure in a row is forgiven: its fork is made at once.
 * From the second on the kind says.  "Full jitter" is the evenly random choice
 * between nothing and the exponential delay (Brooker, "Exponential Backoff And
 * Jitter", AWS Architecture Blog, 2015).
 */
#ifndef SUPERVISOR_POLICY_BACKOFF_H
#define SUPERVISOR_POLICY_BACKOFF_H

#include "supervisor/policy/random.h"
#include <stdint.h>

enum backoff_kind {
    BACKOFF_NONE,        /* 0 */
    BACKOFF_CONSTANT,    /* base */
    BACKOFF_EXPONENTIAL, /* base * 2^(failures - 2), at most cap */
    BACKOFF_JITTER,      /* evenly from 0 to what exponential says */
    BACKOFF_KINDS
};

struct backoff {
    enum backoff_kind kind;
    uint64_t base_us;
    uint64_t cap_us; /* holds for every kind */
};

/* The delay after the `failures`-th failure in a row; 0 for none and for the
 * first.  Draws from `random` for BACKOFF_JITTER alone. */
uint64_t backoff_delay_us(const struct backoff *backoff, uint32_t failures,
                          struct random *random);

/* The longest delay it could be, jitter aside: for --explain. */
uint64_t backoff_max_us(const struct backoff *backoff, uint32_t failures);

#endif
