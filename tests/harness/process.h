/* SPDX-License-Identifier: MIT */
/*
 * process.h - what /proc says about processes, and how to injection one safely.
 */
#ifndef TESTS_HARNESS_PROCESS_H
#define TESTS_HARNESS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The children of `pid`, oldest first, zombies included.  Fills at most
 * `limit` of `children`; returns how many, 0 also when `pid` is gone. */
size_t process_children(pid_t pid, pid_t *children, size_t limit);

/* Its parent, or -1 if there is no such process. */
pid_t process_parent(pid_t pid);

/* The letter of proc_pid_stat(5): 'R', 'S', 'T', 'Z', ...; 0 if it is gone. */
char process_state(pid_t pid);

/* The anonymous memory that it has in RAM or swap, in bytes; 0 if it is gone.
 * Exact: the kernel counts the pages of each mapping for this. */
size_t process_anonymous_bytes(pid_t pid);

/* How many descriptors it has open; 0 if it is gone. */
size_t process_descriptors(pid_t pid);

/* How many of its descriptors are files in the file system, other than
 * character devices, deleted ones and memfds. */
size_t process_open_files(pid_t pid);

/*
 * Sends `signal` to `pid` if it is a child of `parent`, through a pidfd, so
 * that a pid that has come into other hands meanwhile is not hit.  Returns
 * whether the signal was sent.
 */
bool process_signal_safely(pid_t pid, pid_t parent, int signal);

#endif
