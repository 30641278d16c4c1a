/* SPDX-License-Identifier: MIT */
/*
 * usage.h - measures CPU time and memory of a target's process tree.
 *
 * CPU time includes all processes of the tree and all children that they
 * reaped, in clock ticks of the kernel.  The CPU time of processes that are not
 * reaped by their parent (SIGCHLD ignored) is lost when they end.
 */
#ifndef CHAOS_TARGET_USAGE_H
#define CHAOS_TARGET_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The usage up to an instant. */
struct usage_mark {
    bool was_read; /* false: the root could not be read */
    uint64_t user_ms, system_ms;
    uint64_t log_bytes, log_lines; /* written to the log; from the caller */
};

struct usage {
    struct usage_mark from, to;
    /* The max of all usage_look calls, including the root.  Shared pages count
     * once for each process. */
    uint64_t rss_max_bytes, processes_max;
    uint64_t pss_bytes; /* at the end, see usage_pss */
};

/* The usage of the tree up to now. */
struct usage_mark usage_mark(pid_t root, uint64_t log_bytes,
                             uint64_t log_lines);

/* Samples memory and processes of the tree now. */
void usage_look(struct usage *usage, pid_t root);

/* The proportional set size of the tree now, in bytes.  May take a millisecond
 * for a large process, so do not call it while measuring latencies. */
uint64_t usage_pss(pid_t root);

#endif
