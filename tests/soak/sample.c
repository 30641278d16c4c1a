/* SPDX-License-Identifier: MIT */
/* sample.c - reads smaps_rollup, the folder of descriptors, and the memfds, to
 * count the records that were ever used. */
#include "tests/soak/sample.h"
#include "chaos/target/process.h"
#include "tests/harness/process.h"
#include "worker/protocol/arena.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_NAME   "/memfd:records"
#define CHILDREN_MAX 256

/* Records read of an arena: more than a soak has connections. */
#define RECORDS_MAX 2048

const char *quantity_name(enum quantity quantity)
{
    static const char *const names[QUANTITIES] = {
        [RSS_KB] = "RSS",
        [PSS_KB] = "PSS",
        [HEAP_KB] = "heap",
        [MEMFD_KB] = "memfd memory",
        [DESCRIPTORS] = "descriptors",
        [MEMFDS] = "memfds",
        [RECORDS] = "record slots",
        [CHILDREN] = "children",
    };

    return names[quantity];
}

const char *quantity_unit(enum quantity quantity)
{
    return quantity <= MEMFD_KB ? " kB" : "";
}

/* ---- Descriptors --------------------------------------------------------- */

/* Returns the offset of the first record in an arena. */
static off_t records_offset(void)
{
    static off_t offset;
    struct arena arena;

    if (offset == 0 && arena_create(&arena, 1, 1) == 0) {
        offset = (char *)arena.records - (char *)arena.head;
        arena_destroy(&arena);
    }
    return offset;
}

/* Returns the number of records of an arena.  It ends with whole response
 * areas, and the part before them is smaller than one area. */
static size_t capacity(off_t bytes)
{
    size_t records =
        ((size_t)bytes % ARENA_RESPONSE_BYTES - (size_t)records_offset()) /
        sizeof(struct record);

    return records < RECORDS_MAX ? records : RECORDS_MAX;
}

/* Records that were never used are zero and follow those that were. */
static unsigned used_records(int fd, off_t arena_bytes)
{
    static struct record records[RECORDS_MAX];
    static const struct record unused;
    size_t max = capacity(arena_bytes) * sizeof(*records);
    ssize_t bytes = pread(fd, records, max, records_offset());
    size_t used = bytes > 0 ? (size_t)bytes / sizeof(*records) : 0;

    while (used > 0 && !memcmp(&records[used - 1], &unused, sizeof(unused)))
        used--;
    return (unsigned)used;
}

static void sample_memfd(struct sample *sample, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts;

    if (fd < 0)
        return;
    if (fstat(fd, &facts) == 0) {
        unsigned used = used_records(fd, facts.st_size);

        if (used > sample->values[RECORDS])
            sample->values[RECORDS] = used;
        sample->values[MEMFD_KB] += (double)facts.st_blocks / 2;
    }
    close(fd);
}

static void count_descriptor(void *context, int fd, const char *path)
{
    struct sample *sample = context;
    char name[64];
    ssize_t length = readlink(path, name, sizeof(name) - 1);

    (void)fd;
    sample->values[DESCRIPTORS]++;
    name[length > 0 ? length : 0] = '\0';
    if (strncmp(name, ARENA_NAME, strlen(ARENA_NAME)) != 0)
        return;
    sample->values[MEMFDS]++;
    sample_memfd(sample, path);
}

bool sample_take(struct sample *sample, pid_t pid)
{
    pid_t children[CHILDREN_MAX];

    *sample = (struct sample){ 0 };
    sample->values[CHILDREN] =
        (double)process_children(pid, children, CHILDREN_MAX);
    sample->values[RSS_KB] = (double)process_memory_kib(pid, "Rss");
    sample->values[PSS_KB] = (double)process_memory_kib(pid, "Pss");
    sample->values[HEAP_KB] = (double)process_memory_kib(pid, "Anonymous");
    return sample->values[RSS_KB] > 0 &&
           process_each_descriptor(pid, count_descriptor, sample) > 0;
}
