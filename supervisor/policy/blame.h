/* SPDX-License-Identifier: MIT */
/*
 * blame.h - counts the workers that requests and request lines crashed.
 *
 * Pure.  Times are monotonic.  Requests and lines are hashes of
 * worker/http/identity.h.
 */
#ifndef SUPERVISOR_POLICY_BLAME_H
#define SUPERVISOR_POLICY_BLAME_H

#include <stdbool.h>
#include <stdint.h>

/* Max. number of requests and of lines.  A new one replaces the one with the
 * earliest `until_us`. */
#define BLAME_CELLS 64

/* A line is blamed only after this many different requests with it: before
 * that, the cause may be a header or a body. */
#define BLAME_LINE_REQUESTS_MIN 3

struct blame {
    struct {
        uint64_t request_hash;
        uint64_t until_us; /* valid until then; 0: unused */
        uint32_t workers;
    } requests[BLAME_CELLS];
    struct {
        uint64_t line_hash;
        uint64_t until_us;
        uint32_t count;
        uint64_t request_hashes[BLAME_LINE_REQUESTS_MIN];
    } lines[BLAME_CELLS];
};

/*
 * Counts one more worker that the request crashed; returns the count.  The
 * entry is valid until `until_us`.  For connections that a worker accepted
 * itself: the supervisor has no saved request that could hold the count.
 */
uint32_t blame_count(struct blame *blame, uint64_t request_hash,
                     uint64_t until_us, uint64_t now_us);

/* Notes that the request crashed too many workers.  Returns true if
 * BLAME_LINE_REQUESTS_MIN different requests with its line did.  The entry is
 * valid until `until_us`. */
bool blame_line(struct blame *blame, uint64_t line_hash, uint64_t request_hash,
                uint64_t until_us, uint64_t now_us);

#endif
