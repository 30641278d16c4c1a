/* SPDX-License-Identifier: MIT */
/* quarantine.c - see quarantine.h. */
#include "worker/http/quarantine.h"
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

static void *map(int fd, int protection)
{
    void *page =
        mmap(NULL, sizeof(struct quarantine), protection, MAP_SHARED, fd, 0);

    return page == MAP_FAILED ? NULL : page;
}

/* getrandom(2) never returns fewer than the requested bytes, up to 256. */
static bool choose_key(struct siphash_key *key)
{
    return getrandom(key, sizeof(*key), 0) == (ssize_t)sizeof(*key);
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
    if (quarantine && *readable && choose_key(&quarantine->key) &&
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

bool quarantine_add(struct quarantine *quarantine, uint64_t hash,
                    uint64_t until_us, uint64_t now_us)
{
    size_t first = 0;
    bool is_new;

    for (size_t i = 0; i < QUARANTINE_CELLS; i++) {
        if (quarantine->cells[i].hash == hash) {
            first = i;
            break;
        }
        if (quarantine->cells[i].until_us < quarantine->cells[first].until_us)
            first = i;
    }
    is_new = quarantine->cells[first].hash != hash ||
             quarantine->cells[first].until_us <= now_us;
    /* A reader between the stores sees an empty cell, never a wrong one. */
    quarantine->cells[first].until_us = 0;
    quarantine->cells[first].hash = hash;
    quarantine->cells[first].until_us = until_us;
    if (quarantine->last_until_us < until_us)
        quarantine->last_until_us = until_us;
    return is_new;
}

bool quarantine_is_empty(const struct quarantine *quarantine, uint64_t now_us)
{
    return quarantine->last_until_us <= now_us;
}

bool quarantine_holds(const struct quarantine *quarantine,
                      struct identity identity, uint64_t now_us)
{
    for (size_t i = 0; i < QUARANTINE_CELLS; i++)
        if (quarantine->cells[i].until_us > now_us &&
            (quarantine->cells[i].hash == identity.request_hash ||
             quarantine->cells[i].hash == identity.line_hash))
            return true;
    return false;
}
