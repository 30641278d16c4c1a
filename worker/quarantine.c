/* quarantine.c - cells in a shared page. */
#include "worker/quarantine.h"
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

static void *map(int fd, int protection)
{
    void *page =
        mmap(NULL, sizeof(struct quarantine), protection, MAP_SHARED, fd, 0);

    return page == MAP_FAILED ? NULL : page;
}

static void unmap(const struct quarantine *quarantine)
{
    if (quarantine)
        munmap((void *)(uintptr_t)quarantine, sizeof(*quarantine));
}

struct quarantine *quarantine_create(const struct quarantine **readable)
{
    int fd = memfd_create("quarantine", MFD_CLOEXEC);
    struct quarantine *quarantine = NULL;
    int error;

    *readable = NULL;
    if (fd >= 0 && ftruncate(fd, sizeof(*quarantine)) == 0) {
        quarantine = map(fd, PROT_READ | PROT_WRITE);
        *readable = map(fd, PROT_READ);
    }
    if (quarantine && *readable &&
        madvise(quarantine, sizeof(*quarantine), MADV_DONTFORK) == 0) {
        close(fd);
        return quarantine;
    }
    error = errno;
    if (fd >= 0)
        close(fd);
    quarantine_destroy(quarantine, *readable);
    errno = error;
    return NULL;
}

void quarantine_destroy(struct quarantine *quarantine,
                        const struct quarantine *readable)
{
    unmap(quarantine);
    unmap(readable);
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
