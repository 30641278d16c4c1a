/* SPDX-License-Identifier: MIT */
/*
 * process.h - CPU time and memory of a measured server, from /proc.
 *
 * A tree is a process and its children; no measured system has grandchildren.
 */
#ifndef TESTS_BENCH_PROCESS_H
#define TESTS_BENCH_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

/* Sends SIGKILL to every child of the process.  Returns their number. */
size_t process_kill_children(pid_t pid);

/* CPU time used by the tree, including reaped children.  The resolution is a
 * clock tick for reaped children, a nanosecond for the others. */
double process_tree_cpu_us(pid_t pid);

struct process_memory {
    double own_bytes;   /* PSS without memfds */
    double memfd_bytes; /* PSS of mapped memfds: the connections' records */
};

/* Proportional set size (proc(5), smaps): a page mapped by n processes counts
 * 1/n for each of them. */
struct process_memory process_memory(pid_t pid);
struct process_memory process_tree_memory(pid_t pid);

#endif
