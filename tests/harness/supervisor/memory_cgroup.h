/* SPDX-License-Identifier: MIT */
/*
 * memory_cgroup.h - a real memory cgroup (cgroups(7)) for a supervisor that a
 * test starts.
 *
 * Version 2 where its memory controller can be used, else version 1, which is
 * mounted in a private mount namespace if it is not mounted.  Needs root.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_MEMORY_CGROUP_H
#define TESTS_HARNESS_SUPERVISOR_MEMORY_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

struct memory_cgroup {
    char path[256];
    char back[256]; /* cgroup.procs of the original cgroup of the test */
    bool version_2;
    const char *why; /* why it could not be made; static */
};

/* Makes a cgroup with a limit of `bytes`.  On errors, sets cgroup->why and
 * returns false. */
bool memory_cgroup_make(struct memory_cgroup *cgroup, size_t bytes);

/* Processes that the test starts between the two calls are in the cgroup. */
void memory_cgroup_enter(const struct memory_cgroup *cgroup);
void memory_cgroup_leave(const struct memory_cgroup *cgroup);

/* Returns how many processes of the cgroup the OOM killer has killed. */
long memory_cgroup_kills(const struct memory_cgroup *cgroup);

/* Returns the peak memory use, in bytes. */
long memory_cgroup_peak(const struct memory_cgroup *cgroup);

/* Removes the cgroup; its processes must have ended. */
void memory_cgroup_remove(const struct memory_cgroup *cgroup);

#endif
