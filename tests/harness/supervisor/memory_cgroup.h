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
    char back[256]; /* cgroup.procs of the cgroup that the test came from */
    bool version_2;
    const char *why; /* it could not be made: static text */
};

/* Makes a cgroup with a limit of `bytes`.  Returns false, and says why, where
 * that is not possible. */
bool memory_cgroup_make(struct memory_cgroup *cgroup, size_t bytes);

/* What the test starts between the two is in the cgroup. */
void memory_cgroup_enter(const struct memory_cgroup *cgroup);
void memory_cgroup_leave(const struct memory_cgroup *cgroup);

/* The number of processes in it that the OOM killer killed. */
long memory_cgroup_kills(const struct memory_cgroup *cgroup);

/* The most bytes that were used in it. */
long memory_cgroup_peak(const struct memory_cgroup *cgroup);

/* Removes it; its processes have ended. */
void memory_cgroup_remove(const struct memory_cgroup *cgroup);

#endif
