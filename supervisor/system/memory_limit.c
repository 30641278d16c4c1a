/* SPDX-License-Identifier: MIT */
/* memory_limit.c - reads the limits of a cgroup and of its ancestors. */
#include "supervisor/system/memory_limit.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#define PATH_BYTES 1024

/* ---- Path of the cgroup ---- */

/* "0::/path" is version 2; "4:cpu,memory:/path" is version 1. */
static bool names(const char *controllers, size_t length, bool version_2)
{
    static const char memory[] = "memory";
    const char *end = controllers + length;

    if (version_2)
        return length == 0;
    while (controllers < end) {
        size_t name = strcspn(controllers, ",:");

        if (name == strlen(memory) && memcmp(controllers, memory, name) == 0)
            return true;
        controllers += name + 1;
    }
    return false;
}

bool memory_limit_find_path(const char *text, bool version_2, char *path,
                            uint64_t capacity)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        const char *first = memchr(text, ':', length);
        const char *second =
            first ? memchr(first + 1, ':', length - (size_t)(first + 1 - text))
                  : NULL;
        size_t bytes = second ? length - (size_t)(second + 1 - text) : 0;

        if (second && bytes < capacity &&
            names(first + 1, (size_t)(second - first - 1), version_2)) {
            memcpy(path, second + 1, bytes);
            path[bytes] = '\0';
            return true;
        }
        text += length + (text[length] == '\n');
    }
    return false;
}

/* ---- Mount point ---- */

/* Finds the mount point of the cgroup file system, and the directory in it that
 * is mounted there (/proc/PID/mountinfo, proc(5)). */
static bool find_mount(bool version_2, char *point, char *root)
{
    FILE *mounts = fopen("/proc/self/mountinfo", "re");
    char line[2 * PATH_BYTES];
    bool found = false;

    while (mounts && !found && fgets(line, sizeof(line), mounts)) {
        const char *rest = strstr(line, " - ");
        char options[256] = "";

        if (!rest ||
            sscanf(line, "%*s %*s %*s %1023s %1023s", root, point) != 2)
            continue;
        if (version_2)
            found = strncmp(rest, " - cgroup2 ", 11) == 0;
        else
            found = sscanf(rest, " - cgroup %*s %255s", options) == 1 &&
                    strstr(options, "memory");
    }
    if (mounts)
        fclose(mounts);
    return found;
}

/* ---- Limits ---- */

/* Returns UINT64_MAX for "max", for a missing file, and for the huge number
 * that means "no limit" in version 1. */
static uint64_t read_number(const char *folder, const char *name)
{
    char path[2 * PATH_BYTES + 64];
    uint64_t number = UINT64_MAX;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "re");
    if (!file)
        return UINT64_MAX;
    if (fscanf(file, "%" SCNu64, &number) != 1 || number >= INT64_MAX / 2)
        number = UINT64_MAX;
    fclose(file);
    return number;
}

static bool read_own_path(bool version_2, char *path)
{
    char text[4096] = "";
    FILE *file = fopen("/proc/self/cgroup", "re");
    size_t bytes = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

    if (file)
        fclose(file);
    text[bytes] = '\0';
    return memory_limit_find_path(text, version_2, path, PATH_BYTES);
}

/* In a container the mounted directory may be its own cgroup: returns the part
 * of `path` below `root`. */
static const char *below(const char *path, const char *root)
{
    size_t length = strlen(root);

    if (strcmp(root, "/") == 0)
        return path;
    return strncmp(path, root, length) == 0 ? path + length : "";
}

/* Returns the smallest limit of the cgroup and its ancestors. */
static uint64_t min_limit(bool version_2)
{
    const char *name = version_2 ? "memory.max" : "memory.limit_in_bytes";
    char point[PATH_BYTES], root[PATH_BYTES], path[PATH_BYTES];
    char folder[2 * PATH_BYTES];
    uint64_t min = UINT64_MAX;
    size_t top;

    if (!read_own_path(version_2, path) || !find_mount(version_2, point, root))
        return UINT64_MAX;
    top = strlen(point);
    snprintf(folder, sizeof(folder), "%s%s", point, below(path, root));
    for (;;) {
        uint64_t limit = read_number(folder, name);
        char *slash = strrchr(folder, '/');

        min = limit < min ? limit : min;
        if (strlen(folder) <= top || !slash)
            return min;
        *slash = '\0';
    }
}

struct memory_limit memory_limit_read(void)
{
    uint64_t first = min_limit(false), second = min_limit(true);
    struct memory_limit limit = {
        .cgroup_bytes = first < second ? first : second,
        .queues_count = second < UINT64_MAX,
        .machine_bytes = UINT64_MAX,
    };
    struct sysinfo info;

    if (sysinfo(&info) == 0)
        limit.machine_bytes = (uint64_t)info.totalram * info.mem_unit;
    return limit;
}
