/* SPDX-License-Identifier: MIT */
/*
 * watch.h - watches descriptors; retries if the kernel refuses to watch one.
 *
 * epoll_ctl(2) can fail with ENOMEM or ENOSPC.  libev then stops the watcher
 * and reports all events, although none has occurred.  A worker must not lose
 * its channel or its listeners, and must not exit either, because self-accepted
 * connections end with it.  So a refused descriptor is tried again after a
 * pause, until the kernel has refused nothing during one pause.  The owner of
 * the watch does not notice.
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
    int events;          /* EV_READ, EV_WRITE or both; 0: none */
    struct watch *next;  /* in the list of refused watches */
    struct watch **link; /* the pointer to this watch in that list; NULL: not
                            refused */
};

/* All watches of a worker.  Only watch.c writes the fields. */
struct watches {
    struct watch *refused;
    uint32_t failures; /* consecutive pauses; 0: no pause is active */
    ev_timer timer;    /* the pause */
    struct watch wake; /* an eventfd that ends epoll_wait(2) */
    ev_fork new_set;   /* libev creates a new epoll set */
    ev_idle awake;     /* active: the loop does not wait in this turn */
};

/* Prepares worker->loop, which must exist.  Exits with 71 (EX_OSERR) if
 * eventfd(2) fails. */
void watch_prepare(struct worker *worker);

/* Initializes a watch for no events; the loop need not exist.  The caller still
 * owns `fd`, and must not move *watch.  on_ready() may call watch_end() and
 * free the watch. */
void watch_init(struct watch *watch, struct worker *worker, int fd,
                void (*on_ready)(void *owner), void *owner);

/* From now on, calls on_ready() when one of `events` occurs; 0: never.  The
 * loop must exist. */
void watch_for(struct watch *watch, int events);

/* Call before `fd` is closed or *watch is freed. */
void watch_end(struct watch *watch);

/* Returns how many seconds to wait before retrying a system call that has
 * failed `failures` times in a row (at least 1) for lack of memory or
 * descriptors: 1 ms, doubled with each failure, at most 20 ms. */
double watch_pause_s(uint32_t failures);

#endif
