/*
 * blame.h - which requests crashed workers, and which request lines they had.
 *
 * Pure: time comes in as monotonic microseconds, requests and lines come in as
 * the hashes of worker/http/identity.h.
 */
#ifndef SUPERVISOR_POLICY_BLAME_H
#define SUPERVISOR_POLICY_BLAME_H

#include <stdbool.h>
#include <stdint.h>

/* How many requests, and how many lines, are remembered; the one that would be
 * forgotten first makes room. */
#define BLAME_CELLS 64

/* So many different requests with one line must have crashed workers before
 * the line is to blame: up to then a header or a body may be. */
#define BLAME_LINE_REQUESTS_MIN 3

struct blame {
    struct {
        uint64_t request_hash;
        uint64_t until_us; /* then forgotten; 0: none */
        uint32_t workers;
    } requests[BLAME_CELLS];
    struct {
        uint64_t line_hash;
        uint64_t until_us; /* likewise */
        uint32_t count;
        uint64_t request_hashes[BLAME_LINE_REQUESTS_MIN];
    } lines[BLAME_CELLS];
};

/*
 * One more worker ended itself on that request: remembers it until `until_us`,
 * and returns how many have by now.  For connections that nobody but the
 * worker holds: the request is lost with its worker, so there is no record that
 * could keep the count.
 */
uint32_t blame_count(struct blame *blame, uint64_t request_hash,
                     uint64_t until_us, uint64_t now_us);

/* That request has crashed as many workers as it may: remembers it, with its
 * line, until `until_us`.  Returns whether BLAME_LINE_REQUESTS_MIN different
 * requests with that line have. */
bool blame_line(struct blame *blame, uint64_t line_hash, uint64_t request_hash,
                uint64_t until_us, uint64_t now_us);

#endif
