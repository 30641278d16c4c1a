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

/*
 * Makes an empty one, mapped twice: returns what its owner writes to, which no
 * child inherits, and sets *readable to what every process forked later may
 * read and not write.  Returns NULL with errno set on failure.
 */
struct quarantine *quarantine_create(const struct quarantine **readable);
void quarantine_destroy(struct quarantine *quarantine,
                        const struct quarantine *readable);

/* Locks `line_hash` up until `until_us`; the cell that ends first makes room.
 */
void quarantine_add(struct quarantine *quarantine, uint64_t line_hash,
                    uint64_t until_us);

/* Is it locked up at `now_us`? */
bool quarantine_holds(const struct quarantine *quarantine, uint64_t line_hash,
                      uint64_t now_us);

#endif
