/* SPDX-License-Identifier: MIT */
/* watchdog.c - see watchdog.h. */
#include "supervisor/pool/watchdog.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/outbox.h"
#include "worker/clock.h"
#include <errno.h>

/* How often each heartbeat is checked during one --request-timeout. */
#define WATCHDOG_CHECKS 8

/* A PING makes an idle worker turn its loop. */
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
        child_handle_event(supervisor, child, EVENT_HUNG);
        return;
    }
    error = outbox_send(child, CHANNEL_PING);
    /* EAGAIN: the worker does not read its channel.  After any other error it
     * got no PING for a reason that is not its fault. */
    if (error && error != EAGAIN)
        child->heartbeat_us = now_us;
}

/* A draining worker is watched too: its clients wait for it. */
static bool is_watched(const struct child *child)
{
    return child_is_usable(child) || child->state == WORKER_LEAVING ||
           (child->state == WORKER_DRAINING && child->was_online);
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

void watchdog_start(struct supervisor *supervisor)
{
    double period =
        (double)supervisor->options->request_timeout_us / WATCHDOG_CHECKS / 1e6;

    ev_timer_init(&supervisor->watchdog, on_watchdog, period, period);
    supervisor->watchdog.data = supervisor;
    ev_timer_start(supervisor->loop, &supervisor->watchdog);
}
