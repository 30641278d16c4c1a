/* SPDX-License-Identifier: MIT */
/* sample.c - reads smaps_rollup, the folder of descriptors, and the memfds, to
 * count the records that were ever used. */
#include "tests/soak/sample.h"
#include "tests/harness/process.h"
#include "worker/protocol/arena.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
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

/* ---- Memory -------------------------------------------------------------- */

static bool read_memory(struct sample *sample, pid_t pid)
{
    char path[64], line[256];
    unsigned kb, found = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
    file = fopen(path, "re");
    while (file && fgets(line, sizeof(line), file)) {
        if (sscanf(line, "Rss: %u kB", &kb) == 1) {
            sample->values[RSS_KB] = kb;
            found++;
        } else if (sscanf(line, "Pss: %u kB", &kb) == 1) {
            sample->values[PSS_KB] = kb;
            found++;
        } else if (sscanf(line, "Anonymous: %u kB", &kb) == 1) {
            sample->values[HEAP_KB] = kb;
            found++;
        }
    }
    if (file)
        fclose(file);
    return found == 3;
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

static bool count_descriptors(struct sample *sample, pid_t pid)
{
    char path[64], link[512], name[64];
    const struct dirent *entry;
    DIR *folder;

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    folder = opendir(path);
    if (!folder)
        return false;
    while ((entry = readdir(folder))) {
        ssize_t length;

        if (entry->d_name[0] == '.')
            continue;
        sample->values[DESCRIPTORS]++;
        snprintf(link, sizeof(link), "%s/%s", path, entry->d_name);
        length = readlink(link, name, sizeof(name) - 1);
        name[length > 0 ? length : 0] = '\0';
        if (strncmp(name, ARENA_NAME, strlen(ARENA_NAME)) != 0)
            continue;
        sample->values[MEMFDS]++;
        sample_memfd(sample, link);
    }
    closedir(folder);
    return true;
}

bool sample_take(struct sample *sample, pid_t pid)
{
    pid_t children[CHILDREN_MAX];

    *sample = (struct sample){ 0 };
    sample->values[CHILDREN] =
        (double)process_children(pid, children, CHILDREN_MAX);
    return read_memory(sample, pid) && count_descriptors(sample, pid);
}
