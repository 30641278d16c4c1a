/* SPDX-License-Identifier: MIT */
/* watch.c - see watch.h. */
#include "worker/process/watch.h"
#include "worker/process/internal.h"
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sysexits.h>
#include <unistd.h>

#define PAUSE_MIN_S 0.001
#define PAUSE_MAX_S 0.020

double watch_pause_s(uint32_t failures)
{
    double pause_s = PAUSE_MIN_S;

    while (failures-- > 1 && pause_s < PAUSE_MAX_S)
        pause_s *= 2;
    return pause_s < PAUSE_MAX_S ? pause_s : PAUSE_MAX_S;
}

/* ---- Refused watches ---- */

static bool is_refused(const struct watch *watch)
{
    return watch->link != NULL;
}

static void unlink_refused(struct watch *watch)
{
    if (!is_refused(watch))
        return;
    *watch->link = watch->next;
    if (watch->next)
        watch->next->link = watch->link;
    watch->link = NULL;
}

static void link_refused(struct watches *watches, struct watch *watch)
{
    watch->next = watches->refused;
    watch->link = &watches->refused;
    if (watch->next)
        watch->next->link = &watch->next;
    watches->refused = watch;
}

static void start_retry_timer(struct worker *worker)
{
    struct watches *watches = &worker->watches;

    ev_timer_set(&watches->timer, watch_pause_s(++watches->failures), 0);
    ev_timer_start(worker->loop, &watches->timer);
}

static void on_event(struct ev_loop *loop, ev_io *io, int revents)
{
    struct watch *watch = io->data;
    struct worker *worker = watch->worker;

    (void)loop;
    if (!(revents & EV_ERROR)) {
        watch->on_ready(watch->owner);
        return;
    }
    link_refused(&worker->watches, watch);
    if (!ev_is_active(&worker->watches.timer))
        start_retry_timer(worker);
}

/* ---- Watching ---- */

/* Calls ev_io_set() so that libev calls epoll_ctl(2) in any case.  After a
 * refused call, libev believes until the end of the turn that the descriptor is
 * watched. */
static void begin(struct watch *watch)
{
    if (!watch->events)
        return;
    ev_io_set(&watch->io, watch->io.fd, watch->events);
    ev_io_start(watch->worker->loop, &watch->io);
}

void watch_init(struct watch *watch, struct worker *worker, int fd,
                void (*on_ready)(void *owner), void *owner)
{
    *watch = (struct watch){ .worker = worker,
                             .on_ready = on_ready,
                             .owner = owner };
    ev_io_init(&watch->io, on_event, fd, EV_READ);
    watch->io.data = watch;
}

void watch_for(struct watch *watch, int events)
{
    if (watch->events == events)
        return;
    watch->events = events;
    if (is_refused(watch))
        return;
    ev_io_stop(watch->worker->loop, &watch->io);
    begin(watch);
}

void watch_end(struct watch *watch)
{
    watch->events = 0;
    unlink_refused(watch);
    ev_io_stop(watch->worker->loop, &watch->io);
}

/* Removes the descriptor first: it may still be in the epoll set with other
 * events, and libev would take EEXIST for success. */
static void try_again(struct watch *watch)
{
    if (epoll_ctl(watch->worker->epoll, EPOLL_CTL_DEL, watch->io.fd, NULL) <
            0 &&
        errno != ENOENT)
        return;
    unlink_refused(watch);
    begin(watch);
}

/* Ends only after a pause in which the kernel refused nothing. */
static void on_retry_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct worker *worker = timer->data;
    struct watch *watch = worker->watches.refused;

    (void)loop;
    (void)revents;
    if (!watch) {
        worker->watches.failures = 0;
        return;
    }
    while (watch) {
        struct watch *next = watch->next;

        try_again(watch);
        watch = next;
    }
    start_retry_timer(worker);
}

/* ---- Waking the loop ---- */

/* libev calls this between epoll_ctl(2) and epoll_wait(2), when only the
 * callbacks of refused watchers can be pending.  libev has already computed its
 * timeout, and runs the callbacks after the wait, so the wait must end
 * immediately. */
static void on_release(struct ev_loop *loop)
{
    const struct worker *worker = ev_userdata(loop);

    if (ev_pending_count(loop) > 0)
        eventfd_write(worker->watches.wake.io.fd, 1);
}

static void on_eventfd(void *owner)
{
    const struct worker *worker = owner;
    eventfd_t count;

    eventfd_read(worker->watches.wake.io.fd, &count);
}

/* In the turn in which the eventfd is added to the epoll set, the kernel may
 * refuse it, and nothing could end the wait.  So the loop does not wait in that
 * turn. */
static void on_awake(struct ev_loop *loop, ev_idle *idle, int revents)
{
    (void)revents;
    ev_idle_stop(loop, idle);
}

/* libev is about to create a new epoll set. */
static void on_new_set(struct ev_loop *loop, ev_fork *watcher, int revents)
{
    struct worker *worker = watcher->data;

    (void)revents;
    ev_idle_start(loop, &worker->watches.awake);
}

void watch_prepare(struct worker *worker)
{
    struct watches *watches = &worker->watches;
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

    if (fd < 0)
        _exit(EX_OSERR);
    ev_init(&watches->timer, on_retry_timer);
    ev_idle_init(&watches->awake, on_awake);
    ev_fork_init(&watches->new_set, on_new_set);
    watches->timer.data = watches->new_set.data = worker;
    ev_fork_start(worker->loop, &watches->new_set);
    ev_idle_start(worker->loop, &watches->awake);
    watch_init(&watches->wake, worker, fd, on_eventfd, worker);
    watch_for(&watches->wake, EV_READ);
    ev_set_userdata(worker->loop, worker);
    ev_set_loop_release_cb(worker->loop, on_release, NULL);
}
