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

static void shoot(struct supervisor *supervisor, struct berth *berth)
{
    bool stopped = spawn_is_stopped(berth->pidfd);

    wording_hang(supervisor, berth, stopped);
    berth->order = stopped ? ORDER_STOPPED : ORDER_HUNG;
    spawn_signal(berth->pidfd, SIGABRT);
    berth_set_timer(berth, ABORT_US);
}

/* A worker turns its loop at least at every PING, and each turn moves its
 * heartbeat.  Slow is not hung: a handler that waits lets the loop turn. */
static void check_heartbeat(struct supervisor *supervisor, struct berth *berth,
                            uint64_t now_us)
{
    uint64_t beat = atomic_load(&berth->arena.head->heartbeat);
    int error;

    if (beat != berth->heartbeat || berth->heartbeat_us == 0) {
        berth->heartbeat = beat;
        berth->heartbeat_us = now_us;
    } else if (now_us - berth->heartbeat_us >
               supervisor->options->request_timeout_us) {
        shoot(supervisor, berth);
        return;
    }
    error = tell_worker(berth, CHANNEL_PING);
    /* Only a full channel is the worker's doing. */
    if (error && error != EAGAIN)
        berth->heartbeat_us = now_us;
}

/* Also one that leaves: until it has, its clients wait for it. */
static bool is_watched(const struct berth *berth)
{
    return berth->was_online && worker_is_alive(berth->state) &&
           (berth->order == ORDER_NONE || berth->order == ORDER_DRAIN);
}

static void on_watchdog(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct supervisor *supervisor = timer->data;
    uint64_t now_us = clock_monotonic_us();

    (void)loop;
    (void)revents;
    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (is_watched(berth))
            check_heartbeat(supervisor, berth, now_us);
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
