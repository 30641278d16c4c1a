/* SPDX-License-Identifier: MIT */
/*
 * counter.h - a counter of all workers, kept by the supervisor.
 *
 * Pure.  Workers share no memory; they send additions as messages.  An addition
 * with a key counts once, even if it is repeated.
 */
#ifndef SUPERVISOR_POLICY_COUNTER_H
#define SUPERVISOR_POLICY_COUNTER_H

#include <stdint.h>

/* Max. number of keys; a new key replaces the oldest. */
#define COUNTER_KEYS 1024

struct counter {
    uint64_t number;
    uint32_t next; /* index of the oldest key */
    struct {
        uint64_t key;    /* 0: unused */
        uint64_t number; /* that counter_add() returned */
    } keys[COUNTER_KEYS];
};

/* Adds `add`, saturating at UINT64_MAX, and returns the sum.  `key` 0 means no
 * key.  For a known key, adds nothing and returns the same number as then. */
uint64_t counter_add(struct counter *counter, uint64_t add, uint64_t key);

#endif
