/* SPDX-License-Identifier: MIT */
/* blame.c - see blame.h. */
#include "supervisor/policy/blame.h"
#include <stddef.h>

uint32_t blame_count(struct blame *blame, uint64_t request_hash,
                     uint64_t until_us, uint64_t now_us)
{
    size_t first = 0;

    for (size_t i = 0; i < BLAME_CELLS; i++) {
        if (blame->requests[i].until_us > now_us &&
            blame->requests[i].request_hash == request_hash) {
            blame->requests[i].until_us = until_us;
            return ++blame->requests[i].workers;
        }
        if (blame->requests[i].until_us < blame->requests[first].until_us)
            first = i;
    }
    blame->requests[first].request_hash = request_hash;
    blame->requests[first].until_us = until_us;
    blame->requests[first].workers = 1;
    return 1;
}

/* Returns the cell of the line, or reuses the cell that expires first. */
static size_t line_cell(struct blame *blame, uint64_t line_hash,
                        uint64_t now_us)
{
    size_t first = 0;

    for (size_t i = 0; i < BLAME_CELLS; i++) {
        if (blame->lines[i].until_us > now_us &&
            blame->lines[i].line_hash == line_hash)
            return i;
        if (blame->lines[i].until_us < blame->lines[first].until_us)
            first = i;
    }
    blame->lines[first].line_hash = line_hash;
    blame->lines[first].count = 0;
    return first;
}

bool blame_line(struct blame *blame, uint64_t line_hash, uint64_t request_hash,
                uint64_t until_us, uint64_t now_us)
{
    size_t cell = line_cell(blame, line_hash, now_us);
    uint64_t *known = blame->lines[cell].request_hashes;
    uint32_t count = blame->lines[cell].count;

    blame->lines[cell].until_us = until_us;
    for (uint32_t i = 0; i < count; i++)
        if (known[i] == request_hash)
            return count == BLAME_LINE_REQUESTS_MIN;
    if (count < BLAME_LINE_REQUESTS_MIN) {
        known[count] = request_hash;
        blame->lines[cell].count = ++count;
    }
    return count == BLAME_LINE_REQUESTS_MIN;
}
