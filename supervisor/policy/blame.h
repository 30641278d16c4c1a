/*
 * blame.h - which requests have cost workers, by their request lines.
 *
 * Pure: time comes in as monotonic microseconds.  For connections that nobody
 * else holds: the request dies with its worker, so what it has cost is not
 * remembered with it.
 */
#ifndef SUPERVISOR_POLICY_BLAME_H
#define SUPERVISOR_POLICY_BLAME_H

#include <stdint.h>

/* How many lines are remembered; who is forgotten soonest makes room. */
#define BLAME_CELLS 64

struct blame {
    struct {
        uint64_t line_hash;
        uint64_t until_us; /* then forgotten; 0: none */
        uint32_t workers;
    } cells[BLAME_CELLS];
};

/* One more worker ended itself on a request with that line: remembers it until
 * `until_us`, and returns how many have by now. */
uint32_t blame_count(struct blame *blame, uint64_t line_hash, uint64_t until_us,
                     uint64_t now_us);

#endif
