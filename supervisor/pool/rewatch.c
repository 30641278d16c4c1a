/* SPDX-License-Identifier: MIT */
/* rewatch.c - see rewatch.h. */
#include "supervisor/pool/rewatch.h"
#include "supervisor/log/events.h"
#include "supervisor/policy/pause.h"
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* The longest pause before watchers are started again. */
#define PAUSE_MAX_US UINT64_C(20000)

/* ---- Noticing ---- */

/* Called between epoll_ctl(2) and epoll_wait(2), when nothing is pending but
 * the callbacks of refused watchers.  libev has already computed how long it
 * will sleep, and runs those callbacks afterwards: so it must not sleep. */
static void on_release(struct ev_loop *loop)
{
    const struct supervisor *supervisor = ev_userdata(loop);

    if (ev_pending_count(loop) > 0)
        eventfd_write(supervisor->refusal_fd, 1);
}

static void on_wake(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct supervisor *supervisor = watcher->data;
    eventfd_t count;

    (void)loop;
    if (!rewatch_refused(supervisor, revents))
        eventfd_read(supervisor->refusal_fd, &count);
}

/* libev is about to make a new epoll set.  If the kernel refuses the eventfd,
 * nothing can end the sleep of this turn: so it must not sleep. */
static void on_new_set(struct ev_loop *loop, ev_fork *watcher, int revents)
{
    struct supervisor *supervisor = watcher->data;

    (void)revents;
    ev_idle_start(loop, &supervisor->more);
}

/* Why the kernel refuses to watch a descriptor now, as an errno.  libev does
 * not report it, so the kernel is asked again, with an epoll set made for that
 * purpose.  Returns 0 if the cause has passed, or cannot be found out. */
static int ask_why(int fd)
{
    int set = epoll_create1(EPOLL_CLOEXEC), error = 0;
    struct epoll_event event = { .events = EPOLLIN };

    if (set < 0)
        return 0;
    if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) < 0)
        error = errno;
    close(set);
    return error;
}

static void retry_later(struct supervisor *supervisor)
{
    uint64_t us = pause_us(++supervisor->refusals, PAUSE_MAX_US);

    ev_timer_set(&supervisor->refusal_timer, (double)us / 1e6, 0);
    ev_timer_start(supervisor->loop, &supervisor->refusal_timer);
}

bool rewatch_refused(struct supervisor *supervisor, int revents)
{
    if (!(revents & EV_ERROR))
        return false;
    supervisor->refused = true;
    if (!ev_is_active(&supervisor->refusal_timer)) {
        event_watch_failed(supervisor, ask_why(supervisor->refusal_fd));
        retry_later(supervisor);
    }
    return true;
}

/* ---- Starting again ---- */

/* ev_io_start() alone is not enough: libev calls epoll_ctl(2) only if it
 * believes that the watched events change, and it records those of a refused
 * call as watched until its next turn.  ev_io_set() makes it call epoll_ctl(2)
 * in any case. */
void rewatch(struct supervisor *supervisor, ev_io *watcher)
{
    if (ev_is_active(watcher))
        return;
    ev_io_set(watcher, watcher->fd, watcher->events & (EV_READ | EV_WRITE));
    ev_io_start(supervisor->loop, watcher);
}

/* Not both watchers at once: the channel may still be in the epoll set with the
 * events of the first alone.  libev takes EEXIST for success if the events are
 * those of the refused call, which were the events of both. */
static void renew_channel(struct supervisor *supervisor, struct child *child)
{
    bool is_read = ev_is_active(&child->message_watcher);

    rewatch(supervisor, &child->message_watcher);
    if (is_read && child->channel_full && !ev_is_active(&child->outbox_timer))
        rewatch(supervisor, &child->outbox_watcher);
}

static void renew_child(struct supervisor *supervisor, struct child *child)
{
    if (child->pidfd < 0)
        return;
    rewatch(supervisor, &child->exit_watcher);
    renew_channel(supervisor, child);
}

static void renew_all(struct supervisor *supervisor)
{
    rewatch(supervisor, &supervisor->refusal_watcher);
    rewatch(supervisor, &supervisor->signal_watcher);
    for (uint32_t i = 0; i < supervisor->child_count; i++)
        renew_child(supervisor, &supervisor->children[i]);
    supervisor->rewatch_connections(supervisor);
}

/* Pauses follow each other until the kernel refused nothing during one. */
static void on_pause_over(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct supervisor *supervisor = timer->data;
    bool refused = supervisor->refused;

    (void)loop;
    (void)revents;
    supervisor->refused = false;
    renew_all(supervisor);
    if (refused)
        retry_later(supervisor);
    else
        supervisor->refusals = 0;
}

void rewatch_start(struct supervisor *supervisor,
                   void (*rewatch_connections)(struct supervisor *supervisor))
{
    supervisor->rewatch_connections = rewatch_connections;
    ev_init(&supervisor->refusal_timer, on_pause_over);
    supervisor->refusal_timer.data = supervisor;
    ev_io_init(&supervisor->refusal_watcher, on_wake, supervisor->refusal_fd,
               EV_READ);
    supervisor->refusal_watcher.data = supervisor;
    ev_io_start(supervisor->loop, &supervisor->refusal_watcher);
    ev_fork_init(&supervisor->new_set, on_new_set);
    supervisor->new_set.data = supervisor;
    ev_fork_start(supervisor->loop, &supervisor->new_set);
    ev_idle_start(supervisor->loop, &supervisor->more);
    ev_set_userdata(supervisor->loop, supervisor);
    ev_set_loop_release_cb(supervisor->loop, on_release, NULL);
}
