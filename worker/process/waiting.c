/* SPDX-License-Identifier: MIT */
/* waiting.c - what each connection waits for, and for how long. */
#include "worker/clock.h"
#include "worker/process/internal.h"
#include "worker/protocol/kernel_queue.h"
#include <sys/epoll.h>
#include <sysexits.h>
#include <unistd.h>

/* Added to --request-timeout: more than the resolution of any clock in use. */
#define COUNT_SLACK_US 10000

/* Interval of attempts to get a response area. */
#define AREA_RETRY_US 1000

/* See wait_for_rest(). */
#define PEEK_RETRY_US 10000

static void arm(struct worker_connection *held, uint64_t us)
{
    held->timer.repeat = (double)us / 1e6;
    ev_timer_again(held->worker->loop, &held->timer);
}

static void watch(struct worker_connection *held, int events)
{
    watch_for(&held->io, events);
}

/* The timeout counts from the start of the request, also with an earlier
 * worker. */
static uint64_t left_us(const struct worker_connection *held)
{
    return connection_arrival_left_us(&held->connection,
                                      held->worker->options->header_timeout_us);
}

/* A Unix socket ignores SO_RCVLOWAT, so an incomplete request would wake the
 * loop continuously.  It is peeked at an interval instead. */
static void wait_for_rest(struct worker_connection *held)
{
    if (held->partial && held->connection.counted)
        return;
    held->partial = true;
    watch(held, held->connection.counted ? EV_READ : 0);
    arm(held, held->connection.counted ? left_us(held) + 1 : PEEK_RETRY_US);
}

bool waiting_is_late(const struct worker_connection *held)
{
    return left_us(held) == 0;
}

bool waiting_has_stalled(const struct worker_connection *held)
{
    return kernel_queue_unacked(held->connection.fd) >= held->unacked_bytes;
}

/* The supervisor releases the areas of returned responses within milliseconds.
 * If no area becomes free for longer than --request-timeout, the arena is
 * corrupt.  The worker exits, and others resume its connections. */
static void wait_for_area(struct worker_connection *held)
{
    struct worker *worker = held->worker;
    uint64_t now_us = clock_monotonic_us();

    if (worker->without_area_us == 0)
        worker->without_area_us = now_us;
    if (now_us - worker->without_area_us > worker->options->request_timeout_us)
        _exit(EX_SOFTWARE);
    watch(held, 0);
    arm(held, AREA_RETRY_US);
}

void waiting_begin(struct worker_connection *held)
{
    const struct worker_options *options = held->worker->options;

    worker_loop(held->worker);
    if (held->need != NEED_MORE)
        held->partial = false;
    switch (held->need) {
    case NEED_NOTHING: /* more requests may be unread */
        held->need = NEED_REQUEST;
        watch(held, EV_READ);
        arm(held, options->idle_timeout_us);
        break;
    case NEED_REQUEST:
        watch(held, EV_READ);
        arm(held, held->worker->leaving ? options->header_timeout_us
                                        : options->idle_timeout_us);
        break;
    case NEED_MORE:
        wait_for_rest(held);
        break;
    case NEED_TIME:
        watch(held, 0);
        arm(held, held->connection.again_us + 1);
        break;
    case NEED_AREA:
        wait_for_area(held);
        break;
    case NEED_COUNT:
        /* If no reply arrives, the request has timed out when the timer fires.
         * It is refused then, instead of being counted twice. */
        watch(held, 0);
        arm(held, options->request_timeout_us + COUNT_SLACK_US);
        break;
    case NEED_WRITABLE:
        held->unacked_bytes = kernel_queue_unacked(held->connection.fd);
        watch(held, EV_WRITE);
        arm(held, options->send_timeout_us);
        break;
    case NEED_CLOSE:
        break;
    }
}

void waiting_end(struct worker_connection *held)
{
    struct worker *worker = held->worker;

    if (!worker->loop)
        return;
    watch_end(&held->io);
    ev_timer_stop(worker->loop, &held->timer);
    /* libev leaves the removal from the epoll set to close(2), which does not
     * remove a descriptor while the supervisor holds a duplicate (epoll(7),
     * question 6). */
    epoll_ctl(worker->epoll, EPOLL_CTL_DEL, held->connection.fd, NULL);
}
