/* SPDX-License-Identifier: MIT */
/*
 * memory_limit.h - reads the memory limits of this process and its children.
 */
#ifndef SUPERVISOR_SYSTEM_MEMORY_LIMIT_H
#define SUPERVISOR_SYSTEM_MEMORY_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct memory_limit {
    uint64_t cgroup_bytes;  /* UINT64_MAX: no limit, or not readable */
    bool queues_count;      /* the limit includes the sockets' send queues */
    uint64_t machine_bytes; /* physical memory; UINT64_MAX: not known */
};

/* Returns the smallest limit of the process's cgroup and its ancestors. Version
 * 2 includes the memory of sockets (memory.stat "sock"); version 1 counts it
 * separately, in memory.kmem.tcp. */
struct memory_limit memory_limit_read(void);

/* Finds in `text`, the content of /proc/PID/cgroup, the path of the version 2
 * cgroup or of version 1's memory controller.  Copies it to `path`, which has
 * `capacity` bytes.  Returns false if there is none. */
bool memory_limit_find_path(const char *text, bool version_2, char *path,
                            uint64_t capacity);

#endif
