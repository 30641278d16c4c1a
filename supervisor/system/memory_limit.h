/*
 * memory_limit.h - how much memory this process and its children may use.
 */
#ifndef SUPERVISOR_SYSTEM_MEMORY_LIMIT_H
#define SUPERVISOR_SYSTEM_MEMORY_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct memory_limit {
    uint64_t cgroup_bytes;  /* UINT64_MAX: no limit, or none that can be read */
    bool queues_count;      /* that limit counts the sockets' send queues too */
    uint64_t machine_bytes; /* the machine's memory */
};

/* Asks /proc and the cgroup file systems, and all ancestors of the process's
 * cgroup.  Version 2 counts memory of sockets (cgroups(7), memory.stat "sock");
 * version 1 counts it apart, in memory.kmem.tcp. */
struct memory_limit memory_limit_read(void);

/* Of the text of /proc/PID/cgroup: copies the path of the cgroup of version 2,
 * or of version 1's memory controller.  Returns false if there is none. */
bool memory_limit_find_path(const char *text, bool version_2, char *path,
                            uint64_t capacity);

#endif
