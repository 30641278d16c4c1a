/* watchdog.c - looks at heartbeats, and shoots where there is none. */
#include "supervisor/pool/watchdog.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/outbox.h"
#include "supervisor/system/clock.h"
#include <errno.h>
#include <signal.h>

/* Looks at each heartbeat within one --request-timeout. */
#define WATCHDOG_LOOKS 8

/* SIGABRT first, for the core; what is stopped or blocks it gets SIGKILL. */
#define ABORT_US 500000

static void abort_hung(struct supervisor *supervisor, struct child *child)
{
    bool stopped = spawn_is_stopped(child->pidfd);

    event_hang(supervisor, child, stopped);
    child->last_request = stopped ? REQUESTED_ABORT_STOPPED : REQUESTED_ABORT;
    spawn_signal(child->pidfd, SIGABRT);
    child_set_timer(child, ABORT_US);
}

/* A worker turns its loop at least at every PING, and each turn moves its
 * heartbeat.  Slow is not hung: a handler that waits lets the loop turn. */
static void check_heartbeat(struct supervisor *supervisor, struct child *child,
                            uint64_t now_us)
{
    uint64_t beat = atomic_load(&child->arena.head->heartbeat);
    int error;

    if (beat != child->heartbeat || child->heartbeat_us == 0) {
        child->heartbeat = beat;
        child->heartbeat_us = now_us;
    } else if (now_us - child->heartbeat_us >
               supervisor->options->request_timeout_us) {
        abort_hung(supervisor, child);
        return;
    }
    error = outbox_send(child, CHANNEL_PING);
    /* Only a full channel is the worker's doing. */
    if (error && error != EAGAIN)
        child->heartbeat_us = now_us;
}

/* Also one that leaves: until it has, its clients wait for it. */
static bool is_watched(const struct child *child)
{
    return child->was_online && worker_is_alive(child->state) &&
           (child->last_request == REQUESTED_NOTHING ||
            child->last_request == REQUESTED_DRAIN);
}

static void on_watchdog(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct supervisor *supervisor = timer->data;
    uint64_t now_us = clock_monotonic_us();

    (void)loop;
    (void)revents;
    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];

        if (is_watched(child))
            check_heartbeat(supervisor, child, now_us);
    }
}

/* Often enough to notice in time, seldom enough to cost nothing. */
void watchdog_start(struct supervisor *supervisor)
{
    double period =
        (double)supervisor->options->request_timeout_us / WATCHDOG_LOOKS / 1e6;

    ev_timer_init(&supervisor->watchdog, on_watchdog, period, period);
    supervisor->watchdog.data = supervisor;
    ev_timer_start(supervisor->loop, &supervisor->watchdog);
}
