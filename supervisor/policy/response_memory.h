/*
 * response_memory.h - how much memory responses may take that clients have not
 * read yet, and how it is divided.
 *
 * Pure.  The budget covers the response areas of the workers' arenas and the
 * leftovers in the supervisor's memory.  All sizes are in bytes.
 */
#ifndef SUPERVISOR_POLICY_RESPONSE_MEMORY_H
#define SUPERVISOR_POLICY_RESPONSE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* The largest response (worker/protocol/arena.h); a budget has capacity for
 * one. */
#define RESPONSE_MEMORY_ONE_BYTES (UINT64_C(4) << 20)
#define RESPONSE_MEMORY_MIN_BYTES RESPONSE_MEMORY_ONE_BYTES
#define RESPONSE_MEMORY_MAX_BYTES (UINT64_C(1) << 40)

/* The budget if none was given: a third of the limit of the memory cgroup
 * (UINT64_MAX: there is none), or a quarter of the machine's memory if that is
 * less. */
uint64_t response_memory_default(uint64_t cgroup_limit, uint64_t machine);

/* Response areas of each of `arenas` arenas: one where a worker has one request
 * at a time; else from two to `most`, so many that all take half of the budget
 * or less. */
uint32_t response_memory_areas(uint64_t budget, uint32_t arenas, uint32_t max,
                               bool one_request);

/* What of the budget is neither used by leftovers nor granted to workers. */
uint64_t response_memory_free(uint64_t budget, uint64_t leftovers,
                              uint64_t granted);

/* What a worker may use for one response, of `free_bytes`. */
uint64_t response_memory_for_one(uint64_t free_bytes);

/* What a worker may use for all its connections that has claimed `claimed` of
 * its `areas`: that and an equal share of what neither the leftovers nor the
 * claims of all `workers` together (`all_claimed`) use. */
uint64_t response_memory_share(uint64_t budget, uint64_t leftovers,
                               uint64_t all_claimed, uint32_t workers,
                               uint64_t claimed, uint32_t areas);

/* The SO_SNDBUF of a connection, or 0 if the kernel's own limit (tcp_wmem) will
 * do: only a cgroup of version 2 counts what stands in send queues
 * (`queues_count`).  The kernel doubles the value; so the queues of 256 clients
 * that read nothing take as much as the budget. */
uint32_t response_memory_send_queue(uint64_t budget, bool queues_count);

#endif
