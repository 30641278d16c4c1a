/*
 * process.h - what /proc says of a process and its children.
 *
 * A process that is gone, or that may not be looked at, is simply not there.
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
    uint64_t resident_pages; /* those shared with others too */
    uint64_t user_ticks, system_ticks; /* processor time: its own ... */
    uint64_t reaped_user_ticks, reaped_system_ticks; /* and its children's
                                                        that it has reaped */
};

/* Reads one; false when there is none. */
bool process_read(pid_t pid, struct process *process);

/* It has ended, though perhaps nobody has reaped it. */
bool process_is_dead(const struct process *process);

/* We are `pid`, or descend from it. */
bool process_is_above_us(pid_t pid);

/* Reads a small file of /proc/PID whole, NUL-terminated.  Returns its length,
 * or -1. */
ssize_t process_slurp(pid_t pid, const char *name, char *buffer, size_t size);

/* Tells of every child of `parent`, whichever of its threads forked it. */
void process_each_child(pid_t parent, void (*visit)(void *context, pid_t child),
                        void *context);

/* Tells of `root` and of all its descendants, dead ones too, parents first. */
void process_each_below(pid_t root,
                        void (*visit)(void *context,
                                      const struct process *process),
                        void *context);

#endif
