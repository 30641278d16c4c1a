/* holding.c - serves each connection as far as it goes, then waits. */
#include "worker/kernel_queue.h"
#include "worker/process.h"
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sysexits.h>
#include <unistd.h>

/* Safely behind --request-timeout, whatever the clocks' grain. */
#define COUNT_OVER_US 10000

/* See wait_for_rest(). */
#define LOOK_AGAIN_US 10000

/* Requests answered on one connection in one turn, so that a pipelining client
 * can't keep the others waiting. */
#define ANSWERS_A_TURN 16

/* ---- Letting go ---- */

static void forget(struct held *held)
{
    struct worker *worker = held->worker;

    if (worker->loop) {
        ev_io_stop(worker->loop, &held->io);
        ev_timer_stop(worker->loop, &held->timer);
        /* While the supervisor holds a duplicate, closing ours does not take it
         * out of our epoll set (epoll(7), question 6), and neither does libev,
         * which leaves that to the close. */
        epoll_ctl(worker->epoll, EPOLL_CTL_DEL, held->connection.fd, NULL);
    }
    close(held->connection.fd);
    worker->held[held->index] = NULL;
    if (held != &worker->one)
        free(held);
}

static void give_back_as(struct held *held, bool unsound)
{
    struct worker *worker = held->worker;
    struct channel_message message = { .kind = CHANNEL_RETURN,
                                       .record = held->index,
                                       .number = unsound };

    forget(held);
    worker_tell(worker, &message);
}

static void give_back(struct held *held)
{
    give_back_as(held, false);
}

/* ---- Waiting ---- */

static void arm(struct held *held, uint64_t us)
{
    held->timer.repeat = (double)us / 1e6;
    ev_timer_again(held->worker->loop, &held->timer);
}

static void watch(struct held *held, int events)
{
    struct ev_loop *loop = held->worker->loop;

    if (held->io.events == events && ev_is_active(&held->io))
        return;
    ev_io_stop(loop, &held->io);
    if (events) {
        ev_io_set(&held->io, held->connection.fd, events);
        ev_io_start(loop, &held->io);
    }
}

/* A Unix socket knows no SO_RCVLOWAT: a half-received request would wake the
 * loop without end, so it is looked at now and then. */
static void wait_for_rest(struct held *held)
{
    uint64_t timeout_us = held->worker->order->header_timeout_us;

    if (held->partial_since > 0 && held->connection.counted)
        return;
    if (held->partial_since == 0)
        held->partial_since = ev_now(held->worker->loop);
    watch(held, held->connection.counted ? EV_READ : 0);
    arm(held, held->connection.counted ? timeout_us : LOOK_AGAIN_US);
}

static bool is_late(const struct held *held)
{
    double waited = ev_now(held->worker->loop) - held->partial_since;

    return waited * 1e6 >= (double)held->worker->order->header_timeout_us;
}

/* Keeps the connection until what it needs is there. */
static void wait_here(struct held *held)
{
    const struct worker_order *order = held->worker->order;

    worker_loop(held->worker);
    if (held->need != NEED_MORE)
        held->partial_since = 0;
    switch (held->need) {
    case NEED_NOTHING: /* there may be more: the next turn tells */
        held->need = NEED_REQUEST;
        watch(held, EV_READ);
        arm(held, order->idle_timeout_us);
        break;
    case NEED_REQUEST:
        watch(held, EV_READ);
        arm(held, order->idle_timeout_us);
        break;
    case NEED_MORE:
        wait_for_rest(held);
        break;
    case NEED_TIME:
        watch(held, 0);
        arm(held, held->connection.again_us + 1);
        break;
    case NEED_COUNT:
        /* Should no answer come, the request's time is over then, and it is
         * refused, not asked and counted again. */
        watch(held, 0);
        arm(held, order->request_timeout_us + COUNT_OVER_US);
        break;
    case NEED_WRITABLE:
        watch(held, EV_WRITE);
        arm(held, order->send_timeout_us);
        break;
    case NEED_CLOSE:
        break;
    }
}

/* ---- Serving ---- */

/* Would the next advance begin a request, rather than go on with one? */
static bool begins_anew(const struct held *held)
{
    return held->connection.progress.state == RECORD_EMPTY ||
           held->connection.progress.state == RECORD_PARSING;
}

static void ask_primary(struct held *held)
{
    struct channel_message message = { .kind = CHANNEL_COUNT,
                                       .record = held->index,
                                       .key = held->connection.count_key,
                                       .number = held->connection.count_add };

    worker_tell(held->worker, &message);
}

/* In request hand-over what can't be done now waits at the supervisor. */
static void settle(struct held *held)
{
    struct worker *worker = held->worker;
    bool idle = held->need == NEED_REQUEST || held->need == NEED_NOTHING;
    bool stays = worker->leaving ? !begins_anew(held)
                                 : !worker->order->one_request && !held->once &&
                                       !(idle && worker->setting.last);

    if (held->need == NEED_COUNT)
        ask_primary(held);
    if (held->need != NEED_CLOSE &&
        (stays || held->need == NEED_TIME || held->need == NEED_COUNT))
        wait_here(held);
    else
        give_back(held);
}

static bool overflows(const struct connection *connection)
{
    return connection->progress.begun == RECORD_COUNT_LIMIT &&
           connection->progress.state == RECORD_EMPTY;
}

/* Advances by at most one response; what was in the handler's hands before
 * and after is what makes the worker stay. */
static enum connection_need advance_once(struct held *held)
{
    struct worker *worker = held->worker;
    struct record_progress before = held->connection.progress;
    struct record_progress after;

    worker->handling -= before.state == RECORD_HANDLING;
    atomic_store_explicit(&worker->arena.head->current, held->index + 1,
                          memory_order_relaxed);
    held->need = connection_advance(&held->connection, &worker->setting);
    atomic_store_explicit(&worker->arena.head->current, 0,
                          memory_order_relaxed);
    after = held->connection.progress;
    worker->handling += after.state == RECORD_HANDLING;
    if (after.answered + after.refused != before.answered + before.refused) {
        arena_trim(&worker->arena, held->index,
                   held->connection.record->response_bytes);
        leaving_count(worker);
    }
    return held->need;
}

static void serve(struct held *held)
{
    struct worker *worker = held->worker;
    int turns = worker->order->one_request || held->once ? 1 : ANSWERS_A_TURN;

    while (turns > 0 && !(worker->leaving && begins_anew(held))) {
        enum connection_need need = advance_once(held);

        if (overflows(&held->connection)) {
            give_back(held);
            return;
        }
        /* An interim response is no answer: the request still follows. */
        if (held->connection.progress.state != RECORD_PARSING)
            turns--;
        if (need != NEED_NOTHING)
            break;
    }
    leaving_now_if_done(worker);
    settle(held);
}

static void on_ready(struct ev_loop *loop, ev_io *io, int revents)
{
    (void)loop;
    (void)revents;
    serve(io->data);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct held *held = timer->data;

    (void)revents;
    ev_timer_stop(loop, timer);
    switch (held->need) {
    case NEED_MORE:
        if (held->connection.counted || is_late(held))
            held->connection.refusal = 408;
        serve(held);
        return;
    case NEED_REQUEST:
        if (kernel_queue_unread(held->connection.fd) > 0) {
            serve(held);
            return;
        }
        connection_abandon(&held->connection);
        give_back(held);
        return;
    case NEED_WRITABLE:
    case NEED_CLOSE:
        connection_abandon(&held->connection);
        give_back(held);
        return;
    case NEED_TIME:
    case NEED_COUNT:
    case NEED_NOTHING:
        serve(held);
    }
}

/* ---- What the supervisor says of them ---- */

static struct held *new_held(struct worker *worker)
{
    struct held *held = &worker->one;

    if (worker->held == &worker->one_place)
        memset(held, 0, sizeof(*held));
    else
        held = calloc(1, sizeof(*held));
    if (!held)
        _exit(EX_OSERR);
    return held;
}

void holding_take(struct worker *worker, const struct channel_message *message,
                  int fd)
{
    uint32_t index = message->record;
    struct held *held;

    if (index >= worker->arena.capacity || worker->held[index])
        _exit(EX_PROTOCOL);
    held = new_held(worker);
    held->worker = worker;
    held->index = index;
    held->once = message->once;
    ev_init(&held->io, on_ready);
    ev_init(&held->timer, on_timer);
    held->io.data = held->timer.data = held;
    worker->held[index] = held;
    if (connection_take_up(&held->connection, fd, &worker->arena.records[index],
                           arena_area(&worker->arena, index),
                           message->refusal)) {
        give_back_as(held, true);
        return;
    }
    worker->handling += held->connection.progress.state == RECORD_HANDLING;
    serve(held);
}

void holding_told(struct worker *worker, const struct channel_message *message)
{
    struct held *held = message->record < worker->arena.capacity
                            ? worker->held[message->record]
                            : NULL;

    if (!held || held->need != NEED_COUNT)
        return;
    held->connection.told = true;
    held->connection.count = message->number;
    serve(held);
}

void holding_let_idle_go(struct worker *worker)
{
    for (uint32_t i = 0; i < worker->arena.capacity; i++)
        if (worker->held[i] && worker->held[i]->need == NEED_REQUEST)
            give_back(worker->held[i]);
}
