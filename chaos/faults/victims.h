/* SPDX-License-Identifier: MIT */
/*
 * victims.h - finds the processes that may be hit.
 *
 * Finds them in /proc and refers to the chosen one by a pidfd, so that a reused
 * pid never leads to an unrelated process.  Read-only: see inject.h for faults.
 */
#ifndef CHAOS_FAULTS_VICTIMS_H
#define CHAOS_FAULTS_VICTIMS_H

#include "chaos/faults/fault.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct victim {
    pid_t pid;
    pid_t parent;
    uint64_t started_ticks; /* since boot; with the pid, its identity */
    uint64_t busy_ticks; /* CPU time, user and system, of the process alone */
    int64_t slot;        /* 0: none, or not known; set by selection.c */
    bool is_starting; /* younger than the fault's max age; set by selection.c */
};

struct victims {
    struct victim *list; /* oldest first */
    uint32_t count, capacity;
};

/* Lists the live processes below `root` that `options` allow, without zombies
 * and without the root.  Returns 0, or -1 with errno ESRCH if the root has
 * exited. */
int victims_find(struct victims *victims, pid_t root,
                 const struct fault_options *options);

void victims_free(struct victims *victims);

/*
 * Opens a pidfd, close-on-exec, which the caller closes.  The pidfd is certain
 * to refer to the listed process.  Returns -1 with errno, which is ESRCH if
 * that process has exited or, with `same_parent`, if it has another parent:
 * only to revert an effect may that differ.
 */
int victim_hold(const struct victim *victim, bool same_parent);

/* Fills in the other fields for the pid in `victim`.  Returns false if there is
 * no such process. */
bool victim_look_up(struct victim *victim);

#endif
