/* SPDX-License-Identifier: MIT */
/* loop_memory.c - see loop_memory.h. */
#include "supervisor/system/loop_memory.h"
#include "supervisor/system/memory.h"
#include <errno.h>
#include <stdint.h>
#include <string.h>

/* libev's tables need 48 bytes per descriptor: anfds 16, pendings 16, epoll
 * events 12, fdchanges 4.  Times 4: a table is up to twice as large as needed,
 * and its smaller predecessors are not reused. */
#define DESCRIPTOR_BYTES 192

/* The loop itself, its timers and small tables. */
#define LOOP_BYTES (128U << 10)

/* Header of each block; aligns the block. */
struct loop_block {
    _Alignas(64) size_t bytes; /* without the header */
};

static struct {
    char *base;
    size_t used, capacity;
} reserve;

int loop_memory_open(size_t descriptors)
{
    size_t capacity = LOOP_BYTES + descriptors * DESCRIPTOR_BYTES;
    char *base = memory_private(1, capacity);

    if (!base)
        return -1;
    reserve.base = base;
    reserve.used = 0;
    reserve.capacity = capacity;
    return 0;
}

static struct loop_block *allocate(size_t bytes)
{
    size_t total = (bytes + 2 * sizeof(struct loop_block) - 1) /
                   sizeof(struct loop_block) * sizeof(struct loop_block);
    struct loop_block *header;

    if (total <= reserve.capacity - reserve.used) {
        header = (struct loop_block *)(void *)(reserve.base + reserve.used);
        reserve.used += total;
    } else {
        header = memory_private(1, total);
    }
    if (header)
        header->bytes = bytes;
    return header;
}

void *loop_memory_resize(void *memory, long bytes)
{
    const struct loop_block *old =
        memory ? (struct loop_block *)memory - 1 : NULL;
    struct loop_block *new;

    if (bytes <= 0)
        return NULL;
    if (old && (size_t)bytes <= old->bytes)
        return memory;
    new = allocate((size_t)bytes);
    if (!new)
        return NULL;
    if (old)
        memcpy(new + 1, memory, old->bytes);
    return new + 1;
}

void loop_memory_forget(void)
{
    reserve.base = NULL;
    reserve.used = reserve.capacity = 0;
}

void loop_memory_close(void)
{
    memory_free(reserve.base);
    loop_memory_forget();
}
