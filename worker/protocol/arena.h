/* SPDX-License-Identifier: MIT */
/*
 * arena.h - the shared memory of one worker: its heartbeat, its records and its
 * response areas.
 *
 * The supervisor creates one arena per child and keeps it.  Only the worker of
 * that child maps it, so a corrupt worker can damage only its own connections.
 * The memory outlives the worker because the supervisor holds the memfd.  The
 * memfd is sealed (memfd_create(2)): a worker cannot truncate it
 * (F_SEAL_SHRINK), and the memory that a corrupt worker can occupy is limited
 * (F_SEAL_GROW).
 *
 *   | head | records | response areas, page aligned |
 *
 * There may be fewer areas than records: a connection needs an area only from
 * the read of its request until its response is sent.  The worker takes and
 * releases areas.  The supervisor takes one for a committed response that it
 * hands off, and releases the area of a committed response that it takes back.
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

/* The maximum length of a response, header section and body. */
#define ARENA_RESPONSE_BYTES (4U << 20)

/* A response of at most this length is never refused for lack of memory. */
#define ARENA_SMALL_BYTES (64U << 10)

#define ARENA_AREAS_MAX 64

/* Memory that a released response area keeps allocated. */
#define ARENA_KEPT_BYTES (16U << 10)

struct arena_head {
    _Atomic uint64_t heartbeat; /* changes in each turn of the worker's loop */
    _Atomic uint32_t current;   /* 1 + the record in use now; 0: none */
    _Atomic uint64_t death;     /* the signal that ends it (signal_note.h) */
    _Atomic uint64_t areas_taken; /* one bit for each area */
    /* Claimed by arena_claim(); 0 for an area that is not taken. */
    _Atomic uint32_t area_bytes[ARENA_AREAS_MAX];
    /* Written by the supervisor: the maximum sum of area_bytes.  The supervisor
     * keeps its own copy and never reads this one. */
    _Atomic uint64_t allowance_bytes;
    /* Responses that the worker refused because of allowance_bytes. */
    _Atomic uint64_t refused_for_memory;
    /* The connections that the worker accepts itself. */
    _Alignas(64) struct account account;
    /* The connections on Unix sockets. */
    _Alignas(64) struct transfer transfer;
};

struct arena {
    int fd;            /* the memfd; -1 in a worker */
    uint32_t capacity; /* records */
    uint32_t area_count;
    struct arena_head *head;
    struct record *records;
    char *areas; /* in a worker; NULL in the supervisor */
};

/*
 * Creates an arena of `capacity` zeroed records and `areas` response areas (1
 * to ARENA_AREAS_MAX).  Maps its head and records, not inherited by fork(2).
 * Returns 0; or -1 with errno set and nothing allocated.
 */
int arena_create(struct arena *arena, uint32_t capacity, uint32_t areas);

/* Unmaps and closes it. */
void arena_destroy(struct arena *arena);

/* In the worker: maps the arena in `fd`, with its response areas, and closes
 * `fd`.  Returns 0; or -1 with errno set. */
int arena_map_whole(struct arena *arena, int fd, uint32_t capacity,
                    uint32_t areas);

/* Takes the free area with the lowest number; worker and supervisor may call it
 * concurrently.  Returns the number, or ARENA_NO_AREA if all are taken. */
#define ARENA_NO_AREA UINT32_MAX
uint32_t arena_take(const struct arena *arena);

/* Returns whether an area is free. */
bool arena_has_free(const struct arena *arena);

/* arena_claim() stores that a response of `bytes` bytes is about to be
 * committed in `area`, which the caller has taken.  arena_claimed() returns the
 * sum over all areas.  The worker must claim, and the supervisor must lower the
 * allowance, before it compares the sum with the allowance: then at least one
 * of them sees the other's store. */
void arena_claim(const struct arena *arena, uint32_t area, uint32_t bytes);
uint64_t arena_claimed(const struct arena *arena);

/* In the worker: returns the address of area `area`. */
char *arena_area(const struct arena *arena, uint32_t area);

/* In the worker: releases an area whose first `used_bytes` were written, and
 * frees its memory beyond ARENA_KEPT_BYTES. */
void arena_release(const struct arena *arena, uint32_t area, size_t used_bytes);

/* In the supervisor: releases an area when it is not known how much of it was
 * written.  Ignores an `area` that does not exist. */
void arena_release_unknown(const struct arena *arena, uint32_t area);

/* In the supervisor: releases all areas, and sets all claims to 0.  Call when
 * the worker holds no connection. */
void arena_release_all(const struct arena *arena);

/* In the supervisor: releases all areas, and frees all memory beyond the first
 * page if more than ARENA_IDLE_BYTES are allocated.  Call when the worker has
 * been reaped and all records have been taken back. */
#define ARENA_IDLE_BYTES (64U << 10)
void arena_reset(const struct arena *arena);

/* In the supervisor, which does not map the areas: copies `bytes` bytes from or
 * to `offset` of area `area`.  Returns 0; or -1 with errno set, EINVAL if the
 * area does not exist or the range exceeds it. */
int arena_read(const struct arena *arena, uint32_t area, size_t offset,
               char *to, size_t bytes);
int arena_write(const struct arena *arena, uint32_t area, size_t offset,
                const char *from, size_t bytes);

#endif
