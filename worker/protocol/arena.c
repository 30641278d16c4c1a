/* SPDX-License-Identifier: MIT */
/* arena.c - a sealed memfd and its two mappings. */
#include "worker/protocol/arena.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_BYTES 4096U

static size_t whole_pages(size_t bytes)
{
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

/* A multiple of the size of a cache line. */
#define RECORDS_OFFSET 640
_Static_assert(sizeof(struct arena_head) <= RECORDS_OFFSET, "the head fits");

static size_t areas_offset(uint32_t capacity)
{
    return whole_pages(RECORDS_OFFSET + capacity * sizeof(struct record));
}

static size_t arena_bytes(uint32_t capacity, uint32_t areas)
{
    return areas_offset(capacity) + (size_t)areas * ARENA_RESPONSE_BYTES;
}

/* Maps the first `bytes` bytes, at least head and records. */
static int map(struct arena *arena, int fd, uint32_t capacity, uint32_t areas,
               size_t bytes)
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
                        .area_count = areas,
                        .head = (struct arena_head *)base,
                        .records = (struct record *)(base + RECORDS_OFFSET) };
    return 0;
}

int arena_create(struct arena *arena, uint32_t capacity, uint32_t areas)
{
    int fd = memfd_create("records", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0)
        return -1;
    if (ftruncate(fd, (off_t)arena_bytes(capacity, areas)) < 0 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0 ||
        map(arena, fd, capacity, areas, areas_offset(capacity)) < 0) {
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

int arena_map_whole(struct arena *arena, int fd, uint32_t capacity,
                    uint32_t areas)
{
    if (map(arena, fd, capacity, areas, arena_bytes(capacity, areas)) < 0)
        return -1;
    arena->areas = (char *)arena->head + areas_offset(capacity);
    arena->fd = -1;
    close(fd);
    return 0;
}

/* ---- Areas ---- */

static uint64_t all_areas(const struct arena *arena)
{
    return UINT64_MAX >> (ARENA_AREAS_MAX - arena->area_count);
}

uint32_t arena_take(const struct arena *arena)
{
    uint64_t free_areas;

    while ((free_areas = ~atomic_load(&arena->head->areas_taken) &
                         all_areas(arena)) != 0) {
        uint64_t lowest = free_areas & -free_areas;

        if (!(atomic_fetch_or(&arena->head->areas_taken, lowest) & lowest))
            return (uint32_t)__builtin_ctzll(lowest);
    }
    return ARENA_NO_AREA;
}

bool arena_has_free(const struct arena *arena)
{
    return (~atomic_load(&arena->head->areas_taken) & all_areas(arena)) != 0;
}

void arena_claim(const struct arena *arena, uint32_t area, uint32_t bytes)
{
    atomic_store(&arena->head->area_bytes[area], bytes);
}

/* Limits each claim, because a corrupt worker may have written any value. */
uint64_t arena_claimed(const struct arena *arena)
{
    uint64_t claimed = 0;

    for (uint32_t i = 0; i < arena->area_count; i++) {
        uint32_t bytes = atomic_load(&arena->head->area_bytes[i]);

        claimed += bytes < ARENA_RESPONSE_BYTES ? bytes : ARENA_RESPONSE_BYTES;
    }
    return claimed;
}

static void set_free(const struct arena *arena, uint32_t area)
{
    arena_claim(arena, area, 0);
    atomic_fetch_and(&arena->head->areas_taken, ~(UINT64_C(1) << area));
}

char *arena_area(const struct arena *arena, uint32_t area)
{
    return arena->areas + (size_t)area * ARENA_RESPONSE_BYTES;
}

void arena_release(const struct arena *arena, uint32_t area, size_t used_bytes)
{
    if (used_bytes > ARENA_KEPT_BYTES)
        madvise(arena_area(arena, area) + ARENA_KEPT_BYTES,
                whole_pages(used_bytes - ARENA_KEPT_BYTES), MADV_REMOVE);
    set_free(arena, area);
}

static off_t area_offset(const struct arena *arena, uint32_t area,
                         size_t offset)
{
    return (off_t)(areas_offset(arena->capacity) +
                   (size_t)area * ARENA_RESPONSE_BYTES + offset);
}

static void punch(const struct arena *arena, off_t from, off_t end)
{
    fallocate(arena->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, from,
              end - from);
}

void arena_release_unknown(const struct arena *arena, uint32_t area)
{
    if (area >= arena->area_count)
        return;
    punch(arena, area_offset(arena, area, ARENA_KEPT_BYTES),
          area_offset(arena, area + 1, 0));
    set_free(arena, area);
}

void arena_release_all(const struct arena *arena)
{
    for (uint32_t i = 0; i < arena->area_count; i++)
        arena_claim(arena, i, 0);
    atomic_store(&arena->head->areas_taken, 0);
}

/* Keeps the first page, which contains the head.  st_blocks counts units of 512
 * bytes. */
void arena_reset(const struct arena *arena)
{
    struct stat facts;

    arena_release_all(arena);
    if (fstat(arena->fd, &facts) < 0 ||
        (uint64_t)facts.st_blocks * 512 > ARENA_IDLE_BYTES)
        punch(arena, PAGE_BYTES,
              (off_t)arena_bytes(arena->capacity, arena->area_count));
}

/* ---- Copying ---- */

static bool is_within(const struct arena *arena, uint32_t area, size_t offset,
                      size_t bytes)
{
    if (area < arena->area_count && offset <= ARENA_RESPONSE_BYTES &&
        bytes <= ARENA_RESPONSE_BYTES - offset)
        return true;
    errno = EINVAL;
    return false;
}

int arena_read(const struct arena *arena, uint32_t area, size_t offset,
               char *to, size_t bytes)
{
    if (bytes > 0 && !is_within(arena, area, offset, bytes))
        return -1;
    while (bytes > 0) {
        ssize_t got =
            pread(arena->fd, to, bytes, area_offset(arena, area, offset));

        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EIO; /* the arena is shorter than it was created */
        if (got <= 0)
            return -1;
        to += got;
        offset += (size_t)got;
        bytes -= (size_t)got;
    }
    return 0;
}

int arena_write(const struct arena *arena, uint32_t area, size_t offset,
                const char *from, size_t bytes)
{
    if (bytes > 0 && !is_within(arena, area, offset, bytes))
        return -1;
    while (bytes > 0) {
        ssize_t put =
            pwrite(arena->fd, from, bytes, area_offset(arena, area, offset));

        if (put < 0 && errno == EINTR)
            continue;
        if (put == 0)
            errno = EIO;
        if (put <= 0)
            return -1;
        from += put;
        offset += (size_t)put;
        bytes -= (size_t)put;
    }
    return 0;
}
