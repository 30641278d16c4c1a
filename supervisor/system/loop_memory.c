/* loop_memory.c - one mapping, taken from its start to its end. */
#include "supervisor/system/loop_memory.h"
#include "supervisor/system/memory.h"
#include <errno.h>
#include <stdint.h>
#include <string.h>

/* What a descriptor takes in libev's tables (16 bytes as a descriptor, 16 as a
 * pending event, 12 as the kernel's, 4 as a change), four times: what is too
 * large by less than a doubling, and all that was too small before. */
#define DESCRIPTOR_BYTES 192

/* The loop itself, its timers, and tables of a few. */
#define LOOP_BYTES (128U << 10)

/* In front of what libev gets; keeps that aligned for anything. */
struct loop_block {
    _Alignas(64) size_t bytes; /* without this header */
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

static struct loop_block *take(size_t bytes)
{
    size_t whole = (bytes + 2 * sizeof(struct loop_block) - 1) /
                   sizeof(struct loop_block) * sizeof(struct loop_block);
    struct loop_block *header;

    if (whole <= reserve.capacity - reserve.used) {
        header = (struct loop_block *)(void *)(reserve.base + reserve.used);
        reserve.used += whole;
    } else {
        header = memory_private(1, whole);
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
    new = take((size_t)bytes);
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
