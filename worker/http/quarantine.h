/*
 * quarantine.h - requests that crashed too many workers, and request lines with
 * which several different requests did, remembered for a while, so that they
 * are refused before they are handled.
 *
 * Shared memory that every worker inherits: the supervisor writes, workers
 * read.  It holds the hashes of identity.h, and the key that they are made
 * with.
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
    _Atomic uint64_t last_until_us; /* when the last cell ends */
    struct {
        _Atomic uint64_t hash;
        _Atomic uint64_t until_us; /* monotonic; 0: empty */
    } cells[QUARANTINE_CELLS];
};

/*
 * Makes an empty one with a random key, mapped twice: returns what its owner
 * writes to, which no child inherits, and sets *readable to what every process
 * forked later may read and not write.  Returns NULL with errno set on failure.
 */
struct quarantine *quarantine_create(const struct quarantine **readable);
void quarantine_destroy(struct quarantine *quarantine,
                        const struct quarantine *readable);

/*
 * Adds `hash`, of a request or of a line, until `until_us`; if there is no
 * room, the cell that ends first is overwritten.  Returns whether it was not
 * held at `now_us`.
 */
bool quarantine_add(struct quarantine *quarantine, uint64_t hash,
                    uint64_t until_us, uint64_t now_us);

/* Is nothing held at `now_us`?  Then no request has to be hashed. */
bool quarantine_is_empty(const struct quarantine *quarantine, uint64_t now_us);

/* Is the request or its line held at `now_us`? */
bool quarantine_holds(const struct quarantine *quarantine,
                      struct identity identity, uint64_t now_us);

#endif
