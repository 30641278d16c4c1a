/* waiting.c - what each connection waits for, and for how long. */
#include "worker/process/internal.h"
#include "worker/protocol/kernel_queue.h"
#include "worker/serve/internal.h"
#include <sys/epoll.h>
#include <sysexits.h>
#include <unistd.h>

/* Safely behind --request-timeout, whatever the clocks' grain. */
#define COUNT_OVER_US 10000

/* Until the supervisor has taken over a response that was given back. */
#define AREA_AGAIN_US 1000

/* See wait_for_rest(). */
#define LOOK_AGAIN_US 10000

static void arm(struct worker_connection *held, uint64_t us)
{
    held->timer.repeat = (double)us / 1e6;
    ev_timer_again(held->worker->loop, &held->timer);
}

static void watch(struct worker_connection *held, int events)
{
    watch_for(&held->io, events);
}

/* Not from now on: others may have waited for it before. */
static uint64_t left_us(const struct worker_connection *held)
{
    return connection_arrival_left_us(&held->connection,
                                      held->worker->options->header_timeout_us);
}

/* A Unix socket knows no SO_RCVLOWAT: a half-received request would wake the
 * loop without end, so it is looked at now and then. */
static void wait_for_rest(struct worker_connection *held)
{
    if (held->partial && held->connection.counted)
        return;
    held->partial = true;
    watch(held, held->connection.counted ? EV_READ : 0);
    arm(held, held->connection.counted ? left_us(held) + 1 : LOOK_AGAIN_US);
}

bool waiting_is_late(const struct worker_connection *held)
{
    return left_us(held) == 0;
}

bool waiting_has_stalled(const struct worker_connection *held)
{
    return kernel_queue_unacked(held->connection.fd) >= held->unacked_bytes;
}

/* The supervisor releases an area within milliseconds.  An arena without a free
 * area for longer than a request may take is corrupt: others go on with what
 * this worker holds. */
static void wait_for_area(struct worker_connection *held)
{
    struct worker *worker = held->worker;
    uint64_t now_us = step_now_us();

    if (worker->without_area_us == 0)
        worker->without_area_us = now_us;
    if (now_us - worker->without_area_us > worker->options->request_timeout_us)
        _exit(EX_SOFTWARE);
    watch(held, 0);
    arm(held, AREA_AGAIN_US);
}

void waiting_begin(struct worker_connection *held)
{
    const struct worker_options *options = held->worker->options;

    worker_loop(held->worker);
    if (held->need != NEED_MORE)
        held->partial = false;
    switch (held->need) {
    case NEED_NOTHING: /* there may be more: the next turn tells */
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
        /* Should no answer come, the request's time is over then, and it is
         * refused, not asked and counted again. */
        watch(held, 0);
        arm(held, options->request_timeout_us + COUNT_OVER_US);
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
    /* While the supervisor holds a duplicate, closing ours does not take it out
     * of our epoll set (epoll(7), question 6), and neither does libev, which
     * leaves that to the close. */
    epoll_ctl(worker->epoll, EPOLL_CTL_DEL, held->connection.fd, NULL);
}
