/* SPDX-License-Identifier: MIT */
/*
 * fair_share.h - prevents slow requests of one address from using all workers.
 *
 * Pure.  For request handoff.  An address that uses all workers but one does
 * not get the last one if its requests are slow and another address was served
 * recently.
 */
#ifndef SUPERVISOR_POLICY_FAIR_SHARE_H
#define SUPERVISOR_POLICY_FAIR_SHARE_H

#include <stdbool.h>
#include <stdint.h>

/* A request is slow if it uses its worker for this long. */
#define FAIR_SHARE_SLOW_US 100000

/* Time for which an event counts as recent. */
#define FAIR_SHARE_RECENT_US (10 * UINT64_C(1000000))

/* All times are monotonic; 0: never. */
struct fair_share_claim {
    uint32_t workers; /* slots of the pool */
    uint32_t own;     /* workers that have a request of this address */
    uint64_t now_us;
    uint64_t slow_us;   /* when a slow request of this address ended */
    uint64_t others_us; /* when another address got a worker */
};

/* May a connection of this address get a worker? */
bool fair_share_allows(const struct fair_share_claim *claim);

#endif
