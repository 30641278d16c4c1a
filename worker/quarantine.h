/*
 * quarantine.h - requests that have cost too many workers, remembered for a
 * while, so that their twins are refused at the door.
 *
 * One page that every worker inherits: the supervisor writes, workers read.
 * A request is known by the hash of its request line, so a twin is a request
 * with the same line; a chance collision costs an innocent one refusal.
 */
#ifndef WORKER_QUARANTINE_H
#define WORKER_QUARANTINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define QUARANTINE_CELLS 128

struct quarantine {
    struct {
        _Atomic uint64_t line_hash;
        _Atomic uint64_t until_us; /* monotonic; 0: empty */
    } cells[QUARANTINE_CELLS];
};

/* Makes an empty one, shared with all processes forked later.  Returns NULL
 * with errno set on failure. */
struct quarantine *quarantine_create(void);
void quarantine_destroy(struct quarantine *quarantine);

/* In a worker: from now on it may only be read. */
void quarantine_lock(struct quarantine *quarantine);

/* Locks `line_hash` up until `until_us`; the cell that ends first makes room.
 */
void quarantine_add(struct quarantine *quarantine, uint64_t line_hash,
                    uint64_t until_us);

/* Is it locked up at `now_us`? */
bool quarantine_holds(const struct quarantine *quarantine, uint64_t line_hash,
                      uint64_t now_us);

#endif
