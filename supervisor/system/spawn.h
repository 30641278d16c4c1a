/*
 * spawn.h - forks workers, and reaps them.
 *
 * A supervisor with 10,000 connections has 10,000 descriptors, which fork would
 * copy and the process would close.  So the process is made with a shared table
 * (CLONE_FILES, clone(2)) and takes its own by close_range(2) with
 * CLOSE_RANGE_UNSHARE, which copies only the descriptors below a floor.  What
 * the process needs has to stand below it: one descriptor for each child is
 * reserved there, and holds the worker's end of the channel while it starts.
 *
 * Needs Linux 5.9.  Child processes are known by pidfds: no pid is ever
 * confused with a stranger's, and there is no SIGCHLD to coalesce.
 */
#ifndef SUPERVISOR_SYSTEM_SPAWN_H
#define SUPERVISOR_SYSTEM_SPAWN_H

#include "supervisor/policy/exit_reason.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct spawn {
    int floor;       /* descriptors below are few, and copied */
    int placeholder; /* stands where no channel does */
    int *reserved;   /* by child */
    uint32_t children;
    pid_t parent; /* who forks */
};

/*
 * Reserves a descriptor for each of `children`, once, before the first
 * connection is accepted; what a child is to inherit must be open by then.
 * Returns 0; or -1 with errno set and nothing left.
 */
int spawn_reserve(struct spawn *spawn, uint32_t children);
void spawn_release(struct spawn *spawn);

struct spawn_child {
    pid_t pid;
    int pidfd; /* the caller's to close, once it is reaped */
};

/*
 * Forks a child for `child`.  In the child, calls `run` with `context` and the
 * descriptors `channel` and `shared` under whatever numbers they have there;
 * nothing else is open but 0, 1 and 2, no signal is blocked or caught, those
 * that the parent ignores stay ignored, it leads a process group of its own (a
 * signal to the parent's group is the parent's to answer), and it dies with its
 * parent (PR_SET_PDEATHSIG).  `run` never returns.  In the parent, `channel` is
 * closed, also on failure. Returns 0; or -1 with errno set.
 */
int spawn_fork(struct spawn *spawn, uint32_t child, int channel, int shared,
               void (*run)(void *context, int channel, int shared),
               void *context, struct spawn_child *process);

/* The child of `child` has its own descriptors: drops the parent's copy of its
 * end of the channel.  Harmless twice. */
void spawn_settled(struct spawn *spawn, uint32_t child);

/* Reaps the child behind `pidfd`.  Returns whether it had ended; how is not
 * known (code -1, signal 0) if somebody else has reaped it. */
bool spawn_reap(int pidfd, struct exit_reason *reason);

/* Is the child behind `pidfd` stopped by a signal (SIGSTOP and the like)? */
bool spawn_is_stopped(int pidfd);

/* pidfd_send_signal(2); a child that has ended is no error.  Returns false with
 * errno set if the child did not get it. */
bool spawn_signal(int pidfd, int signal);

#endif
