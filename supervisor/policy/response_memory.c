/* SPDX-License-Identifier: MIT */
/* response_memory.c - see response_memory.h. */
#include "supervisor/policy/response_memory.h"

#define SEND_QUEUES          512
#define SEND_QUEUE_MIN_BYTES (UINT64_C(16) << 10)
#define SEND_QUEUE_MAX_BYTES (UINT64_C(2) << 20)

static uint64_t subtract(uint64_t bytes, uint64_t taken)
{
    return bytes > taken ? bytes - taken : 0;
}

static uint64_t clamp(uint64_t value, uint64_t min, uint64_t max)
{
    if (value < min)
        return min;
    return value < max ? value : max;
}

uint64_t response_memory_default(uint64_t cgroup_limit, uint64_t machine)
{
    uint64_t third = cgroup_limit / 3, quarter = machine / 4;

    return clamp(third < quarter ? third : quarter, RESPONSE_MEMORY_MIN_BYTES,
                 RESPONSE_MEMORY_MAX_BYTES);
}

uint32_t response_memory_areas(uint64_t budget, uint32_t arenas, uint32_t max,
                               bool one_request)
{
    if (one_request)
        return 1;
    return (uint32_t)clamp(budget / 2 / RESPONSE_MEMORY_ONE_BYTES / arenas, 2,
                           max);
}

uint64_t response_memory_free(uint64_t budget, uint64_t saved, uint64_t granted)
{
    return subtract(subtract(budget, saved), granted);
}

uint64_t response_memory_for_one(uint64_t free_bytes)
{
    return clamp(free_bytes, 0, RESPONSE_MEMORY_ONE_BYTES);
}

uint64_t response_memory_share(uint64_t budget, uint64_t saved,
                               uint64_t all_claimed, uint32_t workers,
                               uint64_t claimed, uint32_t areas)
{
    uint64_t max = (uint64_t)areas * RESPONSE_MEMORY_ONE_BYTES;
    uint64_t free_bytes = response_memory_free(budget, saved, all_claimed);

    return clamp(claimed + free_bytes / workers, 0, max);
}

uint32_t response_memory_send_queue(uint64_t budget, bool queues_count)
{
    uint64_t bytes = budget / SEND_QUEUES;

    if (!queues_count || bytes > SEND_QUEUE_MAX_BYTES)
        return 0;
    return (uint32_t)clamp(bytes, SEND_QUEUE_MIN_BYTES, SEND_QUEUE_MAX_BYTES);
}
