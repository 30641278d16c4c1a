/* worker.c - a loop around the connections a worker holds. */
#include "worker/worker.h"
#include "worker/arena.h"
#include "worker/channel.h"
#include "worker/connection.h"
#include "worker/kernel_queue.h"
#include <errno.h>
#include <ev.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sysexits.h>
#include <unistd.h>

/* What the requests of most are shorter than. */
#define PEEK_FIRST_BYTES 4096

/* Messages taken from the channel in one turn of the loop. */
#define MESSAGES_A_TURN 64

/* See wait_for_rest(). */
#define LOOK_AGAIN_US 10000

/* Requests answered on one connection in one turn, so that a pipelining client
 * can't keep the others waiting. */
#define ANSWERS_A_TURN 16

struct worker;

/* A connection this worker holds; its place in the table is its record's. */
struct held {
    struct connection connection;
    struct worker *worker;
    uint32_t index;
    enum connection_need need; /* what it waits for */
    double partial_since; /* of the loop: NEED_MORE since then; 0: not so */
    bool once;            /* give it back after one answer */
    ev_io io;
    ev_timer timer;
};

struct worker {
    const struct worker_order *order;
    struct ev_loop *loop; /* NULL: nothing has had to wait yet */
    int epoll;            /* the loop's descriptor */
    int channel;
    struct arena arena;
    struct connection_setting setting;
    struct peek_buffer peek;
    struct held **held; /* by record; NULL: not held */
    uint32_t handling;  /* connections whose handler was asked */
    uint64_t responses;
    bool due;     /* exit_after is reached: the exit timer runs */
    bool leaving; /* begins nothing new; exits when handling is 0 */
    int exit_code;
    ev_io messages;
    ev_prepare turn;
    ev_timer exit_timer;
    char peek_first[PEEK_FIRST_BYTES];
};

static struct ev_loop *need_loop(struct worker *worker);

static void tell(struct worker *worker, const struct channel_message *message)
{
    struct pollfd room = { .fd = worker->channel, .events = POLLOUT };

    while (channel_send(worker->channel, message, -1) < 0) {
        if (errno != EAGAIN)
            _exit(EX_OSERR);
        /* The supervisor always reads on. */
        poll(&room, 1, -1);
    }
}

/* ---- Leaving ---- */

/* Connections in any other state than HANDLING go on elsewhere without loss:
 * the exit is the same path as a crash. */
static void leave_if_done(struct worker *worker)
{
    if (worker->leaving && worker->handling == 0)
        _exit(worker->exit_code);
}

static void leave(struct worker *worker, int exit_code)
{
    worker->leaving = true;
    worker->exit_code = exit_code;
    leave_if_done(worker);
    tell(worker, &(struct channel_message){ .kind = CHANNEL_LEAVING });
}

static void on_exit_due(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct worker *worker = timer->data;

    (void)loop;
    (void)revents;
    leave(worker, worker->order->exit_code);
}

/* One more response has gone. */
static void count_response(struct worker *worker)
{
    const struct worker_order *order = worker->order;

    worker->responses++;
    if (order->exit_after == 0 || worker->due ||
        worker->responses < order->exit_after)
        return;
    worker->due = true;
    if (order->exit_delay_us == 0) {
        leave(worker, order->exit_code);
        return;
    }
    need_loop(worker);
    ev_timer_set(&worker->exit_timer, (double)order->exit_delay_us / 1e6, 0);
    ev_timer_start(worker->loop, &worker->exit_timer);
}

/* ---- Letting go of a connection ---- */

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
    free(held);
}

static void give_back_as(struct held *held, bool unsound)
{
    struct worker *worker = held->worker;
    struct channel_message message = { .kind = CHANNEL_RETURN,
                                       .record = held->index,
                                       .number = unsound };

    forget(held);
    tell(worker, &message);
}

static void give_back(struct held *held)
{
    give_back_as(held, false);
}

/* ---- Serving ---- */

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
    struct ev_loop *loop = need_loop(held->worker);

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
        watch(held, 0);
        ev_timer_stop(loop, &held->timer);
        break;
    case NEED_WRITABLE:
        watch(held, EV_WRITE);
        arm(held, order->send_timeout_us);
        break;
    case NEED_CLOSE:
        break;
    }
}

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

    tell(held->worker, &message);
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
        count_response(worker);
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
    leave_if_done(worker);
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

/* ---- Messages ---- */

static void on_supervisor_serve(struct worker *worker,
                                const struct channel_message *message, int fd)
{
    uint32_t index = message->record;
    struct held *held;

    if (index >= worker->arena.capacity || worker->held[index])
        _exit(EX_PROTOCOL);
    held = calloc(1, sizeof(*held));
    if (!held)
        _exit(EX_OSERR);
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

/* A total for a connection that has gone meanwhile means nothing. */
static void on_supervisor_total(struct worker *worker,
                                const struct channel_message *message)
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

/* Idle connections need not wait for their next answer to be ended. */
static void on_supervisor_last(struct worker *worker)
{
    worker->setting.last = true;
    for (uint32_t i = 0; i < worker->arena.capacity; i++)
        if (worker->held[i] && worker->held[i]->need == NEED_REQUEST)
            give_back(worker->held[i]);
}

static void on_message(struct worker *worker,
                       const struct channel_message *message, int fd)
{
    switch (message->kind) {
    case CHANNEL_SEAT:
        worker->setting.identity.slot = message->slot;
        worker->setting.identity.generation = message->generation;
        break;
    case CHANNEL_SERVE:
        on_supervisor_serve(worker, message, fd);
        break;
    case CHANNEL_LAST:
        on_supervisor_last(worker);
        break;
    case CHANNEL_DRAIN:
        leave(worker, 0);
        break;
    case CHANNEL_TOTAL:
        on_supervisor_total(worker, message);
        break;
    case CHANNEL_PING:
        break;
    default:
        _exit(EX_PROTOCOL);
    }
}

/* `got` is what receiving `message` returned. */
static void take_message(struct worker *worker, int got,
                         const struct channel_message *message, int fd)
{
    /* Out of descriptors: the message is gone with its own; its sender has the
     * connection, and we have nothing to serve. */
    if (got <= 0)
        _exit(EX_PROTOCOL);
    on_message(worker, message, fd);
}

static void on_messages(struct ev_loop *loop, ev_io *io, int revents)
{
    struct worker *worker = io->data;
    int most = worker->order->one_request ? 1 : MESSAGES_A_TURN;

    (void)loop;
    (void)revents;
    while (most-- > 0) {
        struct channel_message message;
        int fd;
        int got = channel_receive(worker->channel, &message, &fd);

        if (got < 0 && errno == EAGAIN)
            return;
        take_message(worker, got, &message, fd);
    }
}

static void beat(struct worker *worker)
{
    atomic_fetch_add_explicit(&worker->arena.head->heartbeat, 1,
                              memory_order_relaxed);
}

/* As long as nothing has to wait, a loop is more than it takes: waiting for the
 * next message is enough.  Many a worker leaves before it needs one. */
static void listen_once(struct worker *worker)
{
    struct channel_message message;
    int fd;
    int got;

    beat(worker);
    got = channel_await(worker->channel, &message, &fd);
    take_message(worker, got, &message, fd);
}

static void on_turn(struct ev_loop *loop, ev_prepare *turn, int revents)
{
    struct worker *worker = turn->data;

    (void)loop;
    (void)revents;
    beat(worker);
}

/* ---- The whole ---- */

/* libev does not tell its epoll descriptor, but it opens that one first, and
 * the kernel gives the lowest number that is free.  Were it another one, taking
 * a connection out of it would fail, which is only slower (see forget()). */
static int next_descriptor(const struct worker *worker)
{
    int fd = dup(worker->channel);

    close(fd);
    return fd;
}

static struct ev_loop *need_loop(struct worker *worker)
{
    if (worker->loop)
        return worker->loop;
    worker->epoll = next_descriptor(worker);
    worker->loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    if (!worker->loop)
        _exit(EX_OSERR);
    ev_init(&worker->exit_timer, on_exit_due);
    ev_prepare_init(&worker->turn, on_turn);
    ev_io_init(&worker->messages, on_messages, worker->channel, EV_READ);
    worker->exit_timer.data = worker->turn.data = worker->messages.data =
        worker;
    ev_prepare_start(worker->loop, &worker->turn);
    ev_io_start(worker->loop, &worker->messages);
    return worker->loop;
}

static void prepare(struct worker *worker, int arena_fd)
{
    const struct worker_order *order = worker->order;

    worker->held = calloc(order->capacity, sizeof(*worker->held));
    worker->peek = (struct peek_buffer){
        .bytes = worker->peek_first,
        .room = sizeof(worker->peek_first),
        .most = connection_peek_room(&order->limits),
    };
    if (worker->peek.room > worker->peek.most)
        worker->peek.room = worker->peek.most;
    worker->setting = (struct connection_setting){
        .limits = order->limits,
        .handler = order->handler,
        .service = order->service,
        .identity = { .pid = getpid() },
        .faults_allowed = order->faults_allowed,
        .request_timeout_us = order->request_timeout_us,
        .arena = &worker->arena,
        .quarantine = order->quarantine,
        .peek = &worker->peek,
    };
    if (!worker->held ||
        arena_map_whole(&worker->arena, arena_fd, order->capacity) < 0)
        _exit(EX_OSERR);
    quarantine_lock(order->quarantine);
}

_Noreturn void worker_run(const struct worker_order *order, int channel,
                          int arena_fd)
{
    struct worker worker;

    /* All but the peek buffer, which needs no pages before it is used. */
    memset(&worker, 0, offsetof(struct worker, peek_first));
    worker.order = order;
    worker.channel = channel;
    prepare(&worker, arena_fd);
    tell(&worker, &(struct channel_message){ .kind = CHANNEL_ONLINE });
    if (!order->one_request)
        need_loop(&worker);
    while (!worker.loop)
        listen_once(&worker);
    ev_run(worker.loop, 0);
    _exit(EX_OSERR);
}
