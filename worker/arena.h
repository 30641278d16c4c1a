/*
 * arena.h - the shared memory of one worker: its heartbeat, its records, and a
 * response area for each record.
 *
 * The supervisor makes one arena for each berth and keeps it; the worker that
 * sits there maps it whole, and no other.  So a mad worker can spoil only its
 * own connections.  The memory outlives the worker because the supervisor holds
 * the memfd; it cannot be truncated under the supervisor's feet because the
 * memfd is sealed (memfd_create(2), F_SEAL_SHRINK).
 *
 *   | head | records, dense | response areas, each page aligned |
 *
 * Pages never touched cost nothing, so the areas may be generous.
 */
#ifndef WORKER_ARENA_H
#define WORKER_ARENA_H

#include "worker/account.h"
#include "worker/record.h"
#include "worker/transfer.h"
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* The largest response, header and body. */
#define ARENA_RESPONSE_BYTES (4U << 20)

/* What a response area keeps of its memory when its response has gone. */
#define ARENA_KEPT_BYTES (16U << 10)

struct arena_head {
    _Atomic uint64_t heartbeat; /* moves with each turn of the worker's loop */
    _Atomic uint32_t current;   /* 1 + the record it works on just now, or 0 */
    _Atomic uint64_t death;     /* the signal that ends it (signal_note.h) */
    /* Of the connections that it accepts itself, if it does. */
    _Alignas(64) struct account account;
    /* Of the connections over Unix sockets. */
    _Alignas(64) struct transfer transfer;
};

struct arena {
    int fd;            /* the memfd, -1 in a worker once it is mapped */
    uint32_t capacity; /* records */
    struct arena_head *head;
    struct record *records;
    char *areas; /* in a worker; NULL in the supervisor, which has no need */
};

/*
 * Makes an arena of `capacity` zeroed records and maps its head and records,
 * not inherited by fork.  Returns 0; or -1 with errno set and nothing left.
 */
int arena_create(struct arena *arena, uint32_t capacity);

/* Unmaps and closes it. */
void arena_destroy(struct arena *arena);

/* In the worker: maps all of the arena in `fd` anew and closes `fd`.  Returns
 * 0; or -1 with errno set. */
int arena_map_whole(struct arena *arena, int fd, uint32_t capacity);

/* In the worker: where record `index` keeps its response. */
char *arena_area(const struct arena *arena, uint32_t index);

/* In the worker: gives back what a response area holds beyond
 * ARENA_KEPT_BYTES, if its last response was larger. */
void arena_trim(const struct arena *arena, uint32_t index, size_t used_bytes);

/* In the supervisor: gives back all that record `index`'s area holds. */
void arena_punch(const struct arena *arena, uint32_t index);

/* In the supervisor, which has not mapped the areas: copies `bytes` from or
 * to `offset` of record `index`'s area.  Returns 0; or -1 with errno set. */
int arena_read(const struct arena *arena, uint32_t index, size_t offset,
               char *to, size_t bytes);
int arena_write(const struct arena *arena, uint32_t index, size_t offset,
                const char *from, size_t bytes);

#endif
