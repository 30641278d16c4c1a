/* SPDX-License-Identifier: MIT */
/*
 * response_memory.h - divides the memory for responses that clients have not
 * read yet.
 *
 * Pure.  The budget covers the response areas of the workers' arenas and the
 * saved requests (with their unsent bytes) of the supervisor.  All sizes are in
 * bytes.
 */
#ifndef SUPERVISOR_POLICY_RESPONSE_MEMORY_H
#define SUPERVISOR_POLICY_RESPONSE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* The largest response (ARENA_RESPONSE_BYTES); a budget is at least this. */
#define RESPONSE_MEMORY_ONE_BYTES (UINT64_C(4) << 20)
#define RESPONSE_MEMORY_MIN_BYTES RESPONSE_MEMORY_ONE_BYTES
#define RESPONSE_MEMORY_MAX_BYTES (UINT64_C(1) << 40)

/* Returns the default budget: a third of the limit of the memory cgroup
 * (UINT64_MAX: no limit) or a quarter of the machine's memory, whichever is
 * less. */
uint64_t response_memory_default(uint64_t cgroup_limit, uint64_t machine);

/* Returns the number of response areas in each of `arenas` arenas: 1 if a
 * worker has one request at a time; else from 2 to `max`, so that (if more than
 * 2) all areas together use at most half of the budget. */
uint32_t response_memory_areas(uint64_t budget, uint32_t arenas, uint32_t max,
                               bool one_request);

/* Returns the part of the budget that is neither used by saved requests nor
 * granted to workers. */
uint64_t response_memory_free(uint64_t budget, uint64_t saved,
                              uint64_t granted);

/* Returns what a worker may use for one response if `free_bytes` are free. */
uint64_t response_memory_for_one(uint64_t free_bytes);

/* Returns what a worker may use for all its connections: the `claimed` bytes of
 * its `areas`, and an equal share of the budget that is neither used by saved
 * requests nor claimed by the `workers` (`all_claimed`). */
uint64_t response_memory_share(uint64_t budget, uint64_t saved,
                               uint64_t all_claimed, uint32_t workers,
                               uint64_t claimed, uint32_t areas);

/* Returns SO_SNDBUF for a connection, or 0 to keep the kernel's default
 * (tcp_wmem).  `queues_count`: the cgroup's limit includes send queues (version
 * 2).  The kernel doubles the value, so the queues of 256 clients that read
 * nothing use as much memory as the budget. */
uint32_t response_memory_send_queue(uint64_t budget, bool queues_count);

#endif
