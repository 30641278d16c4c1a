/*
 * target.h - a program that is started to be tormented, and ended after it.
 *
 * It runs in a process group of its own, so that a Ctrl-C at the terminal is
 * ours alone, and those who survive it can be found in the end; its standard
 * error comes to us as log_event; and if we die, it gets SIGTERM from the
 * kernel.
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
    pid_t group; /* the same; 0: nobody of its process group may be left */
    int pidfd;
    int log_fd;
    bool asked;     /* to end */
    double grace_s; /* for ending, after which it is killed */
    struct log_reader reader;
    ev_io exit_watcher, log_watcher;
    ev_timer patience;

    void *context;
    void (*on_log_event)(void *context, const struct log_event *log_event);
    void (*on_end)(void *context); /* it ended, asked or not; its log is read
                                      to the end */
};

/*
 * Starts argv[0] (looked up in PATH) with its standard output and standard
 * error as its log.  Returns 0, or -1 with errno when it could not be started;
 * then nothing is left behind.
 */
int target_start(struct target *target, struct ev_loop *loop,
                 const char *const argv[]);

/* Asks it to end (SIGTERM); kills it when it does not within grace_s. */
void target_end(struct target *target);

/* Kills what is left of it and of its process group, needs no loop for it, and
 * reaps it.  To be called in the end, however it went. */
void target_kill(struct target *target);

#endif
