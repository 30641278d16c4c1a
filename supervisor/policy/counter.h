/*
 * counter.h - a number that outlives every worker.
 *
 * Pure.  Worker processes share no memory, so what all of them count together
 * is kept by the primary, and they tell it by message.  A request that may be
 * repeated brings a key, and counts once however often it is.
 */
#ifndef SUPERVISOR_POLICY_COUNTER_H
#define SUPERVISOR_POLICY_COUNTER_H

#include <stdint.h>

/* How many keys are remembered; the oldest is forgotten. */
#define COUNTER_KEYS 1024

struct counter {
    uint64_t number;
    uint32_t next; /* cell to be used next */
    struct {
        uint64_t key;    /* 0: none */
        uint64_t number; /* what was answered */
    } keys[COUNTER_KEYS];
};

/* Adds `add`, at most up to UINT64_MAX, and returns the number; for a `key`
 * other than 0 that is remembered adds nothing and returns what was returned
 * then. */
uint64_t counter_add(struct counter *counter, uint64_t add, uint64_t key);

#endif
