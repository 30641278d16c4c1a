/* SPDX-License-Identifier: MIT */
/* held_connections.c - serves each connection until it has to wait. */
#include "worker/process/internal.h"
#include "worker/protocol/kernel_queue.h"
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Responses on one connection in one turn of the loop: a client that pipelines
 * must not delay the others. */
#define RESPONSES_PER_TURN 16

/* ---- Releasing ---- */

static void forget(struct worker_connection *held)
{
    struct worker *worker = held->worker;

    waiting_end(held);
    worker->held[held->index] = NULL;
    if (held != &worker->one)
        free(held);
}

static void give_back_as(struct worker_connection *held, bool invalid)
{
    struct worker *worker = held->worker;
    struct channel_message message = { .kind = CHANNEL_RETURN,
                                       .record = held->index,
                                       .returned = { held->handoff, invalid } };
    int fd = held->connection.fd;
    bool is_self_accepted = held->is_self_accepted;

    forget(held);
    if (is_self_accepted) {
        accepting_end(worker, message.record, fd);
        return;
    }
    close(fd);
    worker_tell(worker, &message);
}

static void give_back(struct worker_connection *held)
{
    give_back_as(held, false);
}

/* ---- Serving ---- */

/* Returns whether connection_advance() would begin a request. */
static bool begins_request(const struct worker_connection *held)
{
    return held->connection.progress.state == RECORD_EMPTY ||
           held->connection.progress.state == RECORD_PARSING;
}

static void send_count(struct worker_connection *held)
{
    struct channel_message message = {
        .kind = CHANNEL_COUNT,
        .record = held->index,
        .count = { held->connection.count_key, held->connection.count_add }
    };

    worker_tell(held->worker, &message);
}

/* Returns whether an idle self-accepted connection may be closed.  Before its
 * first request it stays open, because the client is about to send one, unless
 * the pool is ending. */
static bool may_close_idle(const struct worker_connection *held)
{
    const struct worker *worker = held->worker;

    return worker->setting.closes_after &&
           (worker->pool_is_ending || held->connection.progress.begun > 0) &&
           kernel_queue_is_empty(held->connection.fd);
}

/* Returns whether the connection occupies the last area while its client is
 * slow to read.  The worker then releases the connection, so that others are
 * served; where no other process can continue it, the connection ends. */
static bool blocks_last_area(const struct worker_connection *held)
{
    return held->need == NEED_WRITABLE && !arena_has_free(&held->worker->arena);
}

/* Returns whether the worker keeps the connection while it waits.  It must keep
 * one that it accepted itself.  In request handoff, the supervisor keeps the
 * connection. */
static bool is_kept(const struct worker_connection *held)
{
    const struct worker *worker = held->worker;
    bool idle = held->need == NEED_REQUEST || held->need == NEED_NOTHING;

    if (held->is_self_accepted)
        return !(idle && may_close_idle(held));
    if (blocks_last_area(held))
        return false;
    if (worker->leaving)
        return !begins_request(held);
    return !worker->options->one_request && !held->return_after_one &&
           !(idle && worker->setting.closes_after);
}

static void end(struct worker_connection *held);

static void wait_or_give_back(struct worker_connection *held)
{
    const struct worker *worker = held->worker;

    if (worker->setting.keeps_connections && blocks_last_area(held)) {
        end(held);
        return;
    }
    if (held->need == NEED_COUNT)
        send_count(held);
    if (held->need != NEED_CLOSE &&
        (is_kept(held) || held->need == NEED_TIME || held->need == NEED_COUNT ||
         (held->need == NEED_AREA && !worker->leaving)))
        waiting_begin(held);
    else
        give_back(held);
}

static bool overflows(const struct connection *connection)
{
    return connection->progress.begun == RECORD_COUNT_LIMIT &&
           connection->progress.state == RECORD_EMPTY;
}

/* Advances by at most one response, and updates worker->handling, which delays
 * the exit. */
static enum connection_need advance_once(struct worker_connection *held)
{
    struct worker *worker = held->worker;
    struct record_progress before = held->connection.progress;
    struct record_progress after;

    if (held->is_self_accepted)
        exit_announce(worker);
    worker->handling -= before.state == RECORD_HANDLING;
    atomic_store_explicit(&worker->arena.head->current, held->index + 1,
                          memory_order_relaxed);
    held->need = connection_advance(&held->connection, &worker->setting);
    if (held->need != NEED_AREA)
        worker->without_area_us = 0;
    atomic_store_explicit(&worker->arena.head->current, 0,
                          memory_order_relaxed);
    after = held->connection.progress;
    worker->handling += after.state == RECORD_HANDLING;
    if (after.answered + after.refused != before.answered + before.refused)
        exit_count_response(worker);
    return held->need;
}

static void serve(struct worker_connection *held)
{
    struct worker *worker = held->worker;
    int turns = worker->options->one_request || held->return_after_one
                    ? 1
                    : RESPONSES_PER_TURN;

    while (turns > 0 && !(worker->leaving && !held->is_self_accepted &&
                          begins_request(held))) {
        enum connection_need need = advance_once(held);

        if (overflows(&held->connection)) {
            if (!held->is_self_accepted) {
                give_back(held);
                return;
            }
            accepting_carry(held);
        }
        /* After a 100 Continue (PARSING), the response is still to come. */
        if (held->connection.progress.state != RECORD_PARSING)
            turns--;
        if (need != NEED_NOTHING)
            break;
    }
    exit_if_done(worker);
    wait_or_give_back(held);
}

static void on_ready(void *owner)
{
    serve(owner);
}

static void end(struct worker_connection *held)
{
    connection_abandon(&held->connection);
    give_back(held);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct worker_connection *held = timer->data;

    (void)revents;
    ev_timer_stop(loop, timer);
    switch (held->need) {
    case NEED_MORE:
        if (held->connection.counted || waiting_is_late(held))
            held->connection.refusal = 408;
        serve(held);
        return;
    case NEED_REQUEST:
        if (kernel_queue_is_empty(held->connection.fd))
            end(held);
        else
            serve(held);
        return;
    case NEED_WRITABLE:
        if (waiting_has_stalled(held))
            end(held);
        else
            waiting_begin(held);
        return;
    case NEED_CLOSE:
        end(held);
        return;
    case NEED_TIME:
    case NEED_COUNT:
    case NEED_AREA:
    case NEED_NOTHING:
        serve(held);
    }
}

/* ---- Messages of the supervisor ---- */

static struct worker_connection *new_held(struct worker *worker)
{
    struct worker_connection *held = &worker->one;

    if (worker->held == &worker->one_place)
        memset(held, 0, sizeof(*held));
    else
        held = calloc(1, sizeof(*held));
    if (!held)
        _exit(EX_OSERR);
    return held;
}

static void hold(struct worker *worker, uint32_t index, int fd,
                 const struct worker_connection *origin, unsigned refusal)
{
    struct worker_connection *held = new_held(worker);

    held->worker = worker;
    held->index = index;
    held->return_after_one = origin->return_after_one;
    held->is_self_accepted = origin->is_self_accepted;
    held->handoff = origin->handoff;
    watch_init(&held->io, worker, fd, on_ready, held);
    ev_init(&held->timer, on_timer);
    held->timer.data = held;
    worker->held[index] = held;
    if (connection_resume(&held->connection, fd, &worker->arena.records[index],
                          &worker->arena, refusal)) {
        give_back_as(held, true);
        return;
    }
    worker->handling += held->connection.progress.state == RECORD_HANDLING;
    serve(held);
}

void held_connections_take(struct worker *worker,
                           const struct channel_message *message, int fd)
{
    const struct worker_connection origin = {
        .return_after_one = message->serve.return_after_one,
        .handoff = message->serve.handoff
    };

    if (message->record >= worker->arena.capacity ||
        worker->held[message->record])
        _exit(EX_PROTOCOL);
    hold(worker, message->record, fd, &origin, message->serve.refusal);
}

void held_connections_accept(struct worker *worker, uint32_t index, int fd)
{
    const struct worker_connection origin = { .is_self_accepted = true };

    hold(worker, index, fd, &origin, 0);
}

void held_connections_reply(struct worker *worker,
                            const struct channel_message *message)
{
    struct worker_connection *held = message->record < worker->arena.capacity
                                         ? worker->held[message->record]
                                         : NULL;

    if (!held || held->need != NEED_COUNT)
        return;
    held->connection.reply_received = true;
    held->connection.count = message->total;
    serve(held);
}

void held_connections_release_idle(struct worker *worker)
{
    for (uint32_t i = 0; i < worker->arena.capacity; i++) {
        struct worker_connection *held = worker->held[i];

        if (!held || held->need != NEED_REQUEST)
            continue;
        if (held->is_self_accepted && is_kept(held))
            waiting_begin(held);
        else
            give_back(held);
    }
}
