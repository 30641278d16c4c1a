/* quarantine.c - cells in a shared page. */
#include "worker/quarantine.h"
#include <stddef.h>
#include <sys/mman.h>

struct quarantine *quarantine_create(void)
{
    void *page = mmap(NULL, sizeof(struct quarantine), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return page == MAP_FAILED ? NULL : page;
}

void quarantine_destroy(struct quarantine *quarantine)
{
    munmap(quarantine, sizeof(*quarantine));
}

void quarantine_lock(struct quarantine *quarantine)
{
    mprotect(quarantine, sizeof(*quarantine), PROT_READ);
}

void quarantine_add(struct quarantine *quarantine, uint64_t line_hash,
                    uint64_t until_us)
{
    size_t first = 0;

    for (size_t i = 0; i < QUARANTINE_CELLS; i++) {
        if (quarantine->cells[i].line_hash == line_hash) {
            first = i;
            break;
        }
        if (quarantine->cells[i].until_us < quarantine->cells[first].until_us)
            first = i;
    }
    /* A reader between the stores sees an empty cell, never a wrong one. */
    quarantine->cells[first].until_us = 0;
    quarantine->cells[first].line_hash = line_hash;
    quarantine->cells[first].until_us = until_us;
}

bool quarantine_holds(const struct quarantine *quarantine, uint64_t line_hash,
                      uint64_t now_us)
{
    for (size_t i = 0; i < QUARANTINE_CELLS; i++)
        if (quarantine->cells[i].until_us > now_us &&
            quarantine->cells[i].line_hash == line_hash)
            return true;
    return false;
}
