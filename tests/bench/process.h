/*
 * process.h - what /proc tells about a server that is measured.
 *
 * A tree here is a process and its children, which is all that any of the
 * measured systems consists of.
 */
#ifndef TESTS_BENCH_PROCESS_H
#define TESTS_BENCH_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

#define PROCESS_CHILDREN_MAX 256

/* Fills `children` and returns how many there are, at most
 * PROCESS_CHILDREN_MAX; 0 if the process is gone. */
size_t process_children(pid_t pid, pid_t children[PROCESS_CHILDREN_MAX]);

/* SIGKILLs every child of the process at once.  Returns how many. */
size_t process_kill_children(pid_t pid);

/* CPU time that the tree has used, children that ended and were reaped
 * included (those to the clock tick, the others to the nanosecond). */
double process_tree_cpu_us(pid_t pid);

struct process_memory {
    double own_bytes;   /* PSS without the next */
    double memfd_bytes; /* PSS of mapped memfds: the connections' records */
};

/* Proportional set size (proc(5), smaps): pages that several processes map
 * are shared out among them. */
struct process_memory process_memory(pid_t pid);
struct process_memory process_tree_memory(pid_t pid);

#endif
