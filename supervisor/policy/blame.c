/* blame.c - a few cells, searched one by one: deaths are seldom. */
#include "supervisor/policy/blame.h"
#include <stddef.h>

uint32_t blame_count(struct blame *blame, uint64_t line_hash, uint64_t until_us,
                     uint64_t now_us)
{
    size_t first = 0;

    for (size_t i = 0; i < BLAME_CELLS; i++) {
        if (blame->cells[i].until_us > now_us &&
            blame->cells[i].line_hash == line_hash) {
            blame->cells[i].until_us = until_us;
            return ++blame->cells[i].workers;
        }
        if (blame->cells[i].until_us < blame->cells[first].until_us)
            first = i;
    }
    blame->cells[first].line_hash = line_hash;
    blame->cells[first].until_us = until_us;
    blame->cells[first].workers = 1;
    return 1;
}
