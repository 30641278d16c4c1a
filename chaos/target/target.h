/* SPDX-License-Identifier: MIT */
/*
 * target.h - starts and ends the program under test.
 *
 * The target runs in its own process group, so that Ctrl-C at the terminal does
 * not reach it and its remaining processes can be killed at the end.  Its
 * standard output and standard error are read as its log.  If this program
 * dies, the kernel sends SIGTERM to the target.
 */
#ifndef CHAOS_TARGET_TARGET_H
#define CHAOS_TARGET_TARGET_H

#include "chaos/target/log_reader.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct target {
    struct ev_loop *loop;
    pid_t pid;   /* 0: not running */
    pid_t group; /* its process group; 0 after target_kill */
    int pidfd;
    int log_fd;
    bool asked;     /* target_end was called */
    double grace_s; /* from SIGTERM to SIGKILL */
    struct log_reader reader;
    ev_io exit_watcher, log_watcher;
    ev_timer grace_timer;

    void *context;
    void (*on_log_event)(void *context, const struct log_event *log_event);
    void (*on_end)(void *context); /* it exited, and its log was read */
};

/*
 * Starts argv[0], which is searched in PATH.  Returns 0; or -1 with errno, and
 * then no process is left.
 */
int target_start(struct target *target, struct ev_loop *loop,
                 const char *const argv[]);

/* Sends SIGTERM, and SIGKILL to its process group after grace_s. */
void target_end(struct target *target);

/* Kills the remaining processes of its group and reaps the target.  Does not
 * use the event loop.  Call it at the end in all cases. */
void target_kill(struct target *target);

#endif
