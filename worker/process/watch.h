/*
 * watch.h - what the worker waits for on a descriptor, even if the kernel
 * refuses to watch the descriptor at first.
 *
 * epoll_ctl(2) can fail with ENOMEM or ENOSPC.  libev then stops the watcher
 * and reports all events, although none has occurred.  A worker whose channel
 * or listener were no longer watched would be deaf, and connections that it
 * accepted itself would be lost if it exited: so a refused descriptor is tried
 * again after a pause, until a pause has passed in which the kernel refused
 * nothing.  The owner of a watch is not told: what it wants is watched, or will
 * be.
 */
#ifndef WORKER_PROCESS_WATCH_H
#define WORKER_PROCESS_WATCH_H

#include <ev.h>
#include <stdint.h>

struct worker;

/* One descriptor.  Only watch.c writes the fields. */
struct watch {
    ev_io io;
    struct worker *worker;
    void (*on_ready)(void *owner);
    void *owner;
    int events;          /* wanted: EV_READ, EV_WRITE, both; 0: none */
    struct watch *next;  /* among the refused */
    struct watch **link; /* what points to it there; NULL: not refused */
};

/* Of a worker; only watch.c writes the fields. */
struct watches {
    struct watch *refused;
    uint32_t failures; /* pauses in a row after which some were refused */
    ev_timer timer;    /* the pause */
    struct watch wake; /* an eventfd that ends the sleep of the loop */
    ev_fork new_set;
    ev_idle awake; /* active: the loop does not sleep in this turn */
};

/* Prepares worker->loop, which must exist; exits with 71 (EX_OSERR) if the
 * system refuses an eventfd. */
void watch_prepare(struct worker *worker);

/* Watches nothing yet, and needs no loop.  `fd` stays the caller's; *watch must
 * not be moved.  on_ready() may end the watch and free its memory. */
void watch_init(struct watch *watch, struct worker *worker, int fd,
                void (*on_ready)(void *owner), void *owner);

/* Calls on_ready() from now on whenever one of `events` is there; 0: no
 * longer.  The loop must exist. */
void watch_for(struct watch *watch, int events);

/* Call before `fd` is closed or *watch is freed. */
void watch_end(struct watch *watch);

/* How many seconds to wait before a system call is tried again that failed
 * `failures` times in a row, at least once, for want of memory or descriptors:
 * from 1 ms, doubled by each failure, to 20 ms. */
double watch_pause_s(uint32_t failures);

#endif
