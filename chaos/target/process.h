/* SPDX-License-Identifier: MIT */
/*
 * process.h - reads /proc about a process and its descendants.
 *
 * A process without read permission is treated like one that does not exist.
 */
#ifndef CHAOS_TARGET_PROCESS_H
#define CHAOS_TARGET_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
    pid_t pid, parent;
    char state;              /* proc(5): R, S, D, T, Z, X ... */
    uint64_t started_ticks;  /* since boot; with the pid, its identity */
    uint64_t resident_pages; /* including shared pages */
    uint64_t user_ticks, system_ticks;               /* its own CPU time */
    uint64_t reaped_user_ticks, reaped_system_ticks; /* of children that it
                                                        has reaped */
};

/* Returns false if there is no such process. */
bool process_read(pid_t pid, struct process *process);

/* Whether it has ended but is not reaped yet. */
bool process_is_dead(const struct process *process);

/* Whether `pid` is this process or an ancestor of it. */
bool process_is_above_us(pid_t pid);

/* Reads a file of /proc/PID, up to size - 1 bytes, and adds a NUL.  Returns the
 * number of bytes, or -1. */
ssize_t process_slurp(pid_t pid, const char *name, char *buffer, size_t size);

/* Returns the line `name` of smaps_rollup (proc(5)), such as "Pss"; 0 if it
 * cannot be read.  May take a millisecond for a large process. */
uint64_t process_memory_kib(pid_t pid, const char *name);

/* Calls `visit` with the number and the path, /proc/PID/fd/N, of every open
 * descriptor.  Returns their count; 0 also if there is no such process. */
size_t process_each_descriptor(pid_t pid,
                               void (*visit)(void *context, int fd,
                                             const char *path),
                               void *context);

/* Calls `visit` for every child of `parent`, of all its threads. */
void process_each_child(pid_t parent, void (*visit)(void *context, pid_t child),
                        void *context);

/* Calls `visit` for `root` and all its descendants, including zombies, parents
 * first. */
void process_each_below(pid_t root,
                        void (*visit)(void *context,
                                      const struct process *process),
                        void *context);

#endif
