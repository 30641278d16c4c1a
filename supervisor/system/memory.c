/* SPDX-License-Identifier: MIT */
/* memory.c - anonymous mappings, each with a header that holds its size. */
#include "supervisor/system/memory.h"
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

struct mapping_header {
    _Alignas(64) size_t mapped_bytes; /* including this header */
};

static void *map(size_t bytes)
{
    struct mapping_header *header =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (header == MAP_FAILED)
        return NULL;
    if (madvise(header, bytes, MADV_DONTFORK) < 0) {
        int error = errno;

        munmap(header, bytes);
        errno = error;
        return NULL;
    }
    header->mapped_bytes = bytes;
    return header + 1;
}

void *memory_private(size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) ||
        __builtin_add_overflow(bytes, sizeof(struct mapping_header), &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return map(bytes);
}

void memory_free(void *memory)
{
    struct mapping_header *header = memory;

    if (header)
        munmap(header - 1, header[-1].mapped_bytes);
}
