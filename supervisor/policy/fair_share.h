/*
 * fair_share.h - one address with slow requests does not hold every worker.
 *
 * Pure.  In request handoff the requests of one address may keep all workers
 * busy for long, and then a request of another address waits for one of them to
 * end.  So the last worker is not given to an address that has all the others,
 * if its requests are slow and another address was served a short time ago.  An
 * address that is alone, or whose requests are fast, may have every worker.
 */
#ifndef SUPERVISOR_POLICY_FAIR_SHARE_H
#define SUPERVISOR_POLICY_FAIR_SHARE_H

#include <stdbool.h>
#include <stdint.h>

/* A request that keeps its worker so long is slow. */
#define FAIR_SHARE_SLOW_US 100000

/* For so long an address counts as slow, and another address as present. */
#define FAIR_SHARE_RECENT_US (10 * UINT64_C(1000000))

/* All times are monotonic; 0: never. */
struct fair_share_claim {
    uint32_t workers; /* slots of the pool */
    uint32_t own;     /* of them, those that have a request of this address */
    uint64_t now_us;
    uint64_t slow_us;   /* when a slow request of this address ended */
    uint64_t others_us; /* when another address got a worker */
};

/* May a connection of this address be given a worker? */
bool fair_share_allows(const struct fair_share_claim *claim);

#endif
