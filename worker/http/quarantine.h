/* SPDX-License-Identifier: MIT */
/*
 * quarantine.h - requests that workers refuse before they handle them.
 *
 * The quarantine contains requests that crashed too many workers, and request
 * lines shared by several different requests that crashed workers.  Each entry
 * expires.  The quarantine is shared memory that the supervisor writes and that
 * every worker inherits read-only.  It contains hashes of identity.h and their
 * key.
 */
#ifndef WORKER_HTTP_QUARANTINE_H
#define WORKER_HTTP_QUARANTINE_H

#include "worker/http/identity.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define QUARANTINE_CELLS 128

struct quarantine {
    struct siphash_key key;
    _Atomic uint64_t last_until_us; /* when the last cell expires */
    struct {
        _Atomic uint64_t hash;
        _Atomic uint64_t until_us; /* monotonic; 0: empty */
    } cells[QUARANTINE_CELLS];
};

/*
 * Creates an empty quarantine with a random key, and maps it twice.  Returns
 * the writable mapping, which no child inherits, and sets *readable to the
 * read-only one, which every process forked later inherits.  Returns NULL with
 * errno set on failure.
 */
struct quarantine *quarantine_create(const struct quarantine **readable);
void quarantine_destroy(struct quarantine *quarantine,
                        const struct quarantine *readable);

/*
 * Adds `hash`, of a request or of a request line, until `until_us`; if all
 * cells are in use, overwrites the one that expires first.  Returns whether
 * `hash` is new: whether the quarantine did not contain it at `now_us`.
 */
bool quarantine_add(struct quarantine *quarantine, uint64_t hash,
                    uint64_t until_us, uint64_t now_us);

/* Returns whether all entries have expired at `now_us`; then no request has to
 * be hashed. */
bool quarantine_is_empty(const struct quarantine *quarantine, uint64_t now_us);

/* Returns whether the quarantine contains the request or its request line at
 * `now_us`. */
bool quarantine_holds(const struct quarantine *quarantine,
                      struct identity identity, uint64_t now_us);

#endif
