/* arena.c - a sealed memfd and its two mappings. */
#include "worker/arena.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE_BYTES 4096U

static size_t whole_pages(size_t bytes)
{
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

/* Where the records begin: a cache line of their own. */
#define RECORDS_OFFSET 384
_Static_assert(sizeof(struct arena_head) <= RECORDS_OFFSET, "the head fits");

/* Where the response areas begin. */
static size_t areas_offset(uint32_t capacity)
{
    return whole_pages(RECORDS_OFFSET + capacity * sizeof(struct record));
}

static size_t arena_bytes(uint32_t capacity)
{
    return areas_offset(capacity) + (size_t)capacity * ARENA_RESPONSE_BYTES;
}

/* Fills in what a mapping of at least head and records shows. */
static int map(struct arena *arena, int fd, uint32_t capacity, size_t bytes)
{
    char *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (base == MAP_FAILED)
        return -1;
    if (madvise(base, bytes, MADV_DONTFORK) < 0) {
        int error = errno;

        munmap(base, bytes);
        errno = error;
        return -1;
    }
    *arena =
        (struct arena){ .fd = fd,
                        .capacity = capacity,
                        .head = (struct arena_head *)base,
                        .records = (struct record *)(base + RECORDS_OFFSET) };
    return 0;
}

int arena_create(struct arena *arena, uint32_t capacity)
{
    int fd = memfd_create("records", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0)
        return -1;
    if (ftruncate(fd, (off_t)arena_bytes(capacity)) < 0 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0 ||
        map(arena, fd, capacity, areas_offset(capacity)) < 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return 0;
}

void arena_destroy(struct arena *arena)
{
    munmap(arena->head, areas_offset(arena->capacity));
    close(arena->fd);
    *arena = (struct arena){ .fd = -1 };
}

int arena_map_whole(struct arena *arena, int fd, uint32_t capacity)
{
    if (map(arena, fd, capacity, arena_bytes(capacity)) < 0)
        return -1;
    arena->areas = (char *)arena->head + areas_offset(capacity);
    arena->fd = -1;
    close(fd);
    return 0;
}

char *arena_area(const struct arena *arena, uint32_t index)
{
    return arena->areas + (size_t)index * ARENA_RESPONSE_BYTES;
}

void arena_trim(const struct arena *arena, uint32_t index, size_t used_bytes)
{
    if (used_bytes > ARENA_KEPT_BYTES)
        madvise(arena_area(arena, index) + ARENA_KEPT_BYTES,
                whole_pages(used_bytes - ARENA_KEPT_BYTES), MADV_REMOVE);
}

static off_t area_offset(const struct arena *arena, uint32_t index,
                         size_t offset)
{
    return (off_t)(areas_offset(arena->capacity) +
                   (size_t)index * ARENA_RESPONSE_BYTES + offset);
}

int arena_read(const struct arena *arena, uint32_t index, size_t offset,
               char *to, size_t bytes)
{
    while (bytes > 0) {
        ssize_t got =
            pread(arena->fd, to, bytes, area_offset(arena, index, offset));

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return -1;
        to += got;
        offset += (size_t)got;
        bytes -= (size_t)got;
    }
    return 0;
}

int arena_write(const struct arena *arena, uint32_t index, size_t offset,
                const char *from, size_t bytes)
{
    while (bytes > 0) {
        ssize_t put =
            pwrite(arena->fd, from, bytes, area_offset(arena, index, offset));

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return -1;
        from += put;
        offset += (size_t)put;
        bytes -= (size_t)put;
    }
    return 0;
}

void arena_punch(const struct arena *arena, uint32_t index)
{
    fallocate(arena->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
              area_offset(arena, index, 0), ARENA_RESPONSE_BYTES);
}
