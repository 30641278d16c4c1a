/*
 * arena.h - the shared memory of one worker: its heartbeat, its records, and a
 * response area for each record.
 *
 * The supervisor makes one arena for each child and keeps it; the worker that
 * sits there maps it whole, and no other.  So a mad worker can spoil only its
 * own connections.  The memory outlives the worker because the supervisor holds
 * the memfd; it cannot be truncated under the supervisor's feet because the
 * memfd is sealed (memfd_create(2), F_SEAL_SHRINK).
 *
 *   | head | records, dense | response areas, each page aligned |
 *
 * There are fewer areas than records: a connection needs one from the building
 * of a response until that response is sent, and no longer.  The worker takes
 * and releases areas; the supervisor takes one for a committed response that it
 * hands over, and releases the area of a committed response that it took back.
 *
 * The size of the memfd is fixed (F_SEAL_GROW), and so is the memory that a
 * corrupt worker can occupy.
 */
#ifndef WORKER_PROTOCOL_ARENA_H
#define WORKER_PROTOCOL_ARENA_H

#include "worker/protocol/account.h"
#include "worker/protocol/record.h"
#include "worker/protocol/transfer.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest response, header and body. */
#define ARENA_RESPONSE_BYTES (4U << 20)

/* Responses up to this size are never refused for want of memory. */
#define ARENA_SMALL_BYTES (64U << 10)

#define ARENA_AREAS_MAX 64

/* What a response area keeps of its memory when its response has gone. */
#define ARENA_KEPT_BYTES (16U << 10)

struct arena_head {
    _Atomic uint64_t heartbeat; /* moves with each turn of the worker's loop */
    _Atomic uint32_t current;   /* 1 + the record it works on just now, or 0 */
    _Atomic uint64_t death;     /* the signal that ends it (signal_note.h) */
    _Atomic uint64_t areas_taken; /* one bit for each area */
    /* Of committed responses; an area that is not taken has none. */
    _Atomic uint32_t area_bytes[ARENA_AREAS_MAX];
    /* Written by the supervisor: what area_bytes may add up to.  The supervisor
     * keeps its own copy and never reads this one. */
    _Atomic uint64_t allowance_bytes;
    /* Responses that the worker refused because of that. */
    _Atomic uint64_t refused_for_memory;
    /* Of the connections that it accepts itself, if it does. */
    _Alignas(64) struct account account;
    /* Of the connections over Unix sockets. */
    _Alignas(64) struct transfer transfer;
};

struct arena {
    int fd;            /* the memfd, -1 in a worker once it is mapped */
    uint32_t capacity; /* records */
    uint32_t area_count;
    struct arena_head *head;
    struct record *records;
    char *areas; /* in a worker; NULL in the supervisor, which has no need */
};

/*
 * Makes an arena of `capacity` zeroed records and `areas` response areas (1 to
 * ARENA_AREAS_MAX), and maps its head and records, not inherited by fork.
 * Returns 0; or -1 with errno set and nothing left.
 */
int arena_create(struct arena *arena, uint32_t capacity, uint32_t areas);

/* Unmaps and closes it. */
void arena_destroy(struct arena *arena);

/* In the worker: maps all of the arena in `fd` anew and closes `fd`.  Returns
 * 0; or -1 with errno set. */
int arena_map_whole(struct arena *arena, int fd, uint32_t capacity,
                    uint32_t areas);

/* Takes a free area, the lowest; safe while the other process does the same.
 * Returns its number, or ARENA_NO_AREA if all are taken. */
#define ARENA_NO_AREA UINT32_MAX
uint32_t arena_take(const struct arena *arena);

/* Whether arena_take() would find an area. */
bool arena_has_free(const struct arena *arena);

/* Of the area `area`, which the caller has taken: a response of so many bytes
 * is about to be committed in it.  The sum of all that is compared with the
 * allowance only after that, or after the allowance was lowered; so one of both
 * processes always sees what the other did. */
void arena_claim(const struct arena *arena, uint32_t area, uint32_t bytes);
uint64_t arena_claimed(const struct arena *arena);

/* In the worker: where area `area` begins. */
char *arena_area(const struct arena *arena, uint32_t area);

/* In the worker: releases an area of which the first `used_bytes` were written,
 * and returns what it holds beyond ARENA_KEPT_BYTES to the system. */
void arena_release(const struct arena *arena, uint32_t area, size_t used_bytes);

/* In the supervisor: the same for an area of which it is not known how much was
 * written.  An `area` that does not exist is ignored. */
void arena_release_unknown(const struct arena *arena, uint32_t area);

/* In the supervisor, of a worker that holds no connection: whatever it claims,
 * it has no area. */
void arena_release_all(const struct arena *arena);

/* In the supervisor, of an arena whose worker has been reaped and whose records
 * have all been taken back: releases all areas, and returns to the system what
 * a worker may have written where it owned nothing.  What is left is less than
 * ARENA_IDLE_BYTES. */
#define ARENA_IDLE_BYTES (64U << 10)
void arena_reset(const struct arena *arena);

/* In the supervisor, which has not mapped the areas: copies `bytes` from or
 * to `offset` of area `area`.  Returns 0; or -1 with errno set, EINVAL if there
 * is no such area or it is not so large. */
int arena_read(const struct arena *arena, uint32_t area, size_t offset,
               char *to, size_t bytes);
int arena_write(const struct arena *arena, uint32_t area, size_t offset,
                const char *from, size_t bytes);

#endif
