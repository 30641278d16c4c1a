/* SPDX-License-Identifier: MIT */
/*
 * spawn.h - forks, signals and reaps child processes.
 *
 * fork(2) would copy the descriptors of all connections, and the child would
 * close them.  So the child is created with a shared descriptor table
 * (CLONE_FILES, clone(2)) and gets its own table with close_range(2) and
 * CLOSE_RANGE_UNSHARE, which copies only the descriptors below `floor`.  The
 * child's end of its channel must be below `floor`: one descriptor per child is
 * reserved there.
 *
 * Child processes are identified by pidfds, because a pid can be reused.
 */
#ifndef SUPERVISOR_SYSTEM_SPAWN_H
#define SUPERVISOR_SYSTEM_SPAWN_H

#include "supervisor/policy/exit_reason.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct spawn {
    int floor;       /* children copy the descriptors below it */
    int placeholder; /* /dev/null; keeps unused `reserved` open */
    int *reserved;   /* one descriptor per child */
    uint32_t children;
    pid_t parent;
};

/*
 * Reserves a descriptor for each of `children`.  Must be called before the
 * first connection is accepted and after all descriptors that children inherit
 * are open.  Returns 0; or -1 with errno set.
 */
int spawn_reserve(struct spawn *spawn, uint32_t children);
void spawn_release(struct spawn *spawn);

struct spawn_child {
    pid_t pid;
    int pidfd; /* the caller must close it after reaping */
};

/*
 * Forks the child with index `child`.  In the child process, calls `run` with
 * `context` and the descriptors `channel` and `shared`; their numbers may
 * differ from those in the parent.  Only these two and 0, 1 and 2 are open.  No
 * signal is blocked or caught; signals that the parent ignores stay ignored.
 * The child leads its own process group and is killed when its parent dies
 * (PR_SET_PDEATHSIG).  `run` must not return.
 * In the parent, closes `channel`, also on failure.  Returns 0; or -1 with
 * errno set.
 */
int spawn_fork(struct spawn *spawn, uint32_t child, int channel, int shared,
               void (*run)(void *context, int channel, int shared),
               void *context, struct spawn_child *process);

/* Closes the parent's copy of the child's end of its channel.  Must not be
 * called before the child has its own descriptor table.  May be called again.
 */
void spawn_settled(struct spawn *spawn, uint32_t child);

/* Reaps the child `pidfd`.  Returns false if it has not ended.  If it was
 * reaped elsewhere, *reason is unknown: code -1, signal 0. */
bool spawn_reap(int pidfd, struct exit_reason *reason);

/* Is the child stopped by a signal (SIGSTOP, ...)? */
bool spawn_is_stopped(int pidfd);

/* Returns false with errno set on failure.  Returns true if the child has ended
 * already. */
bool spawn_signal(int pidfd, int signal);

#endif
