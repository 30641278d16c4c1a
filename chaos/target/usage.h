/*
 * usage.h - what a target's whole process tree used over a stretch of time.
 *
 * Processor time is that of every process of the tree and of all that were
 * reaped in it, to the kernel's clock tick.  A tree whose processes nobody
 * reaps (SIGCHLD ignored) hides those that ended.
 */
#ifndef CHAOS_TARGET_USAGE_H
#define CHAOS_TARGET_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What has been used up to an instant. */
struct usage_mark {
    bool known; /* the root was there to be looked at */
    uint64_t user_ms, system_ms;
    uint64_t log_bytes, log_lines; /* it has written; the caller's to count */
};

struct usage {
    struct usage_mark from, to;
    /* The most of all looks, the root included.  Pages that several processes
     * share count in each. */
    uint64_t rss_max_bytes, processes_max;
    uint64_t pss_bytes; /* at the end; shared pages are shared out */
};

/* What the tree has used by now. */
struct usage_mark usage_mark(pid_t root, uint64_t log_bytes,
                             uint64_t log_lines);

/* Looks at the tree just now. */
void usage_look(struct usage *usage, pid_t root);

/* The proportional set size of the tree, just now.  May take a millisecond for
 * a large process, so not for when time is being measured. */
uint64_t usage_pss(pid_t root);

#endif
