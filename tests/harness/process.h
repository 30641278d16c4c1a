/* SPDX-License-Identifier: MIT */
/*
 * process.h - facts about a process for tests (chaos/target/process.h reads
 * /proc), and a signal to the right process.
 */
#ifndef TESTS_HARNESS_PROCESS_H
#define TESTS_HARNESS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The children of `pid`, oldest first, zombies included.  Fills at most
 * `limit` of `children`; returns how many, 0 also when `pid` is gone. */
size_t process_children(pid_t pid, pid_t *children, size_t limit);

/* Returns the parent of `pid`, or -1 if there is no such process. */
pid_t process_parent(pid_t pid);

/* The letter of proc_pid_stat(5): 'R', 'S', 'T', 'Z', ...; 0 if it is gone. */
char process_state(pid_t pid);

/* Returns the anonymous memory in RAM or swap, in bytes; 0 if `pid` is gone.
 * Exact: the kernel counts the pages of each mapping. */
size_t process_anonymous_bytes(pid_t pid);

/* Returns the number of open descriptors; 0 if `pid` is gone. */
size_t process_descriptors(pid_t pid);

/* Returns how many descriptors are files in the file system, without character
 * devices, deleted files and memfds. */
size_t process_open_files(pid_t pid);

/*
 * Sends `signal` to `pid` if it is a child of `parent`, through a pidfd, so
 * that a reused pid does not get the signal.  Returns whether the signal was
 * sent.
 */
bool process_signal_safely(pid_t pid, pid_t parent, int signal);

#endif
