/* SPDX-License-Identifier: MIT */
/* worker.c - start, messages and event loop of a worker process. */
#include "worker/worker.h"
#include "worker/process/internal.h"
#include "worker/protocol/signal_note.h"
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Messages that are received in one turn of the loop. */
#define MESSAGES_PER_TURN 64

/* ---- Messages ---- */

void worker_tell(struct worker *worker, const struct channel_message *message)
{
    struct pollfd writable = { .fd = worker->channel, .events = POLLOUT };

    while (channel_send(worker->channel, message, -1) < 0) {
        if (errno != EAGAIN)
            _exit(EX_OSERR);
        /* The supervisor reads its channels in every state, so this ends. */
        poll(&writable, 1, -1);
    }
}

static void on_message(struct worker *worker,
                       const struct channel_message *message, int fd)
{
    switch (message->kind) {
    case CHANNEL_SLOT:
        worker->setting.identity.slot = message->slot.number;
        worker->setting.identity.generation = message->slot.generation;
        break;
    case CHANNEL_SERVE:
        held_connections_take(worker, message, fd);
        break;
    case CHANNEL_LAST:
        worker->setting.closes_after = worker->pool_is_ending = true;
        if (worker->accepting)
            accepting_stop(worker, true);
        held_connections_release_idle(worker);
        break;
    case CHANNEL_LISTEN:
        accepting_listen(worker, fd, message->listen.is_exclusive,
                         message->listen.is_tcp);
        break;
    case CHANNEL_DRAIN:
        exit_begin(worker, 0);
        break;
    case CHANNEL_TOTAL:
        held_connections_reply(worker, message);
        break;
    case CHANNEL_PING:
        break;
    default:
        _exit(EX_PROTOCOL);
    }
}

/* `got` is what channel_receive() or channel_await() returned. */
static void take_message(struct worker *worker, int got,
                         const struct channel_message *message, int fd)
{
    /* The channel was closed, or the message was invalid.  Without a free
     * descriptor, a message arrives without its own; the supervisor still holds
     * the connection. */
    if (got <= 0)
        _exit(EX_PROTOCOL);
    on_message(worker, message, fd);
}

static void on_messages(void *owner)
{
    struct worker *worker = owner;
    int max = worker->options->one_request ? 1 : MESSAGES_PER_TURN;

    while (max-- > 0) {
        struct channel_message message;
        int fd;
        int got = channel_receive(worker->channel, &message, &fd);

        if (got < 0 && errno == EAGAIN)
            return;
        take_message(worker, got, &message, fd);
    }
}

/* ---- The loop ---- */

static void beat(struct worker *worker)
{
    atomic_fetch_add_explicit(&worker->arena.head->heartbeat, 1,
                              memory_order_relaxed);
}

/* Receives one message without a loop, which is created only when a connection
 * has to wait: many workers exit before that. */
static void await_message(struct worker *worker)
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
    if (worker->accepting)
        accepting_turn(worker);
}

/* Returns the descriptor that libev's epoll set will get: libev does not export
 * it, but opens it first, and the kernel assigns the lowest free number.  With
 * a wrong number, epoll_ctl(2) would fail: waiting_end() would leave
 * descriptors in the set, and watch.c could not retry refused ones. */
static int next_descriptor(const struct worker *worker)
{
    int fd = dup(worker->channel);

    close(fd);
    return fd;
}

/* If an allocation fails, libev would print a message and call abort(3), which
 * would look like a crash caused by the current request. */
static void *resize(void *memory, long bytes)
{
    void *resized;

    if (bytes <= 0) {
        free(memory);
        return NULL;
    }
    resized = realloc(memory, (size_t)bytes);
    if (!resized)
        _exit(EX_OSERR);
    return resized;
}

static void on_system_error(const char *what)
{
    (void)what;
    _exit(EX_OSERR);
}

struct ev_loop *worker_loop(struct worker *worker)
{
    if (worker->loop)
        return worker->loop;
    ev_set_allocator(resize);
    ev_set_syserr_cb(on_system_error);
    worker->epoll = next_descriptor(worker);
    worker->loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    if (!worker->loop)
        _exit(EX_OSERR);
    ev_prepare_init(&worker->turn, on_turn);
    worker->turn.data = worker;
    ev_prepare_start(worker->loop, &worker->turn);
    watch_prepare(worker);
    watch_init(&worker->messages, worker, worker->channel, on_messages, worker);
    watch_for(&worker->messages, EV_READ);
    return worker->loop;
}

/* ---- Start ---- */

static void prepare(struct worker *worker, int arena_fd)
{
    const struct worker_options *options = worker->options;

    worker->held = options->capacity == 1
                       ? &worker->one_place
                       : calloc(options->capacity, sizeof(*worker->held));
    worker->peek = (struct peek_buffer){
        .bytes = worker->peek_first,
        .capacity = sizeof(worker->peek_first),
        .max = peek_capacity(&options->limits),
    };
    if (worker->peek.capacity > worker->peek.max)
        worker->peek.capacity = worker->peek.max;
    worker->setting = (struct connection_setting){
        .limits = options->limits,
        .handler = options->handler,
        .service = options->service,
        .identity = { .pid = getpid() },
        .faults_allowed = options->faults_allowed,
        .request_timeout_us = options->request_timeout_us,
        .arena = &worker->arena,
        .keeps_connections = options->keeps_connections,
        .quarantine = options->quarantine,
        .peek = &worker->peek,
    };
    if (!worker->held || arena_map_whole(&worker->arena, arena_fd,
                                         options->capacity, options->areas) < 0)
        _exit(EX_OSERR);
    signal_note_begin(&worker->arena.head->death);
}

_Noreturn void worker_run(const struct worker_options *options, int channel,
                          int arena_fd)
{
    struct worker worker;

    /* Does not touch the peek buffer, so its pages are allocated on use. */
    memset(&worker, 0, offsetof(struct worker, peek_first));
    worker.options = options;
    worker.channel = channel;
    prepare(&worker, arena_fd);
    worker_tell(&worker, &(struct channel_message){ .kind = CHANNEL_ONLINE });
    if (!options->one_request)
        worker_loop(&worker);
    while (!worker.loop)
        await_message(&worker);
    ev_run(worker.loop, 0);
    _exit(EX_OSERR);
}
