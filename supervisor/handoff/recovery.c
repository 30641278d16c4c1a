/* SPDX-License-Identifier: MIT */
/* recovery.c - see recovery.h. */
#include "supervisor/handoff/recovery.h"
#include "supervisor/connections/connections.h"
#include "supervisor/connections/deadlines.h"
#include "supervisor/connections/fallback.h"
#include "supervisor/handoff/poison.h"
#include "supervisor/log/events.h"
#include "worker/clock.h"
#include "worker/protocol/kernel_queue.h"
#include "worker/serve/connection.h"
#include <stdlib.h>
#include <string.h>

/* How many parts of a request are handled as soon as they arrive. */
#define PROMPT_PARTS_MAX 4

/* The record is CLOSING: if a request is unfinished, its client is gone.
 * Lingers if a refused request may still be arriving. */
static void close_done(struct supervisor *supervisor,
                       struct held_connection *held)
{
    enum connection_end end = held->in_progress ? END_CLIENT_GONE : END_CLOSED;

    if (held->fd >= 0 && (held->refused || !kernel_queue_is_empty(held->fd)))
        connections_linger(supervisor, held, end);
    else
        connections_drop(supervisor, held, end);
}

/* Between two requests: waits for its turn in LIST_QUEUE.  Served first,
 * clients whose workers exit after each answer would starve the others.  During
 * the shutdown only requests that have arrived are answered. */
static void settle_empty(struct supervisor *supervisor,
                         struct held_connection *held)
{
    bool has_request = !kernel_queue_is_empty(held->fd);

    held->queue_until_us = 0;
    if (supervisor->stage != STAGE_SERVING && !has_request)
        connections_drop(supervisor, held, END_CLOSED);
    else if (has_request || supervisor->options->handoff == HANDOFF_CONNECTION)
        connections_wait(supervisor, held, LIST_QUEUE);
    else
        connections_wait(supervisor, held, LIST_IDLE);
}

/* Part of a request has arrived.  After PROMPT_PARTS_MAX parts the connection
 * is checked at intervals only (LIST_TRICKLE), so that clients that send single
 * bytes cost little.  No byte extends the deadline. */
static void settle_partial(struct supervisor *supervisor,
                           struct held_connection *held)
{
    if (held->partial_reads < UINT8_MAX)
        held->partial_reads++;
    if (deadlines_arrival_left_us(supervisor, held, clock_monotonic_us()) ==
        0) {
        held->refusal = 408;
        connections_queue(supervisor, held);
    } else {
        connections_wait(supervisor, held,
                         held->partial_reads > PROMPT_PARTS_MAX ? LIST_TRICKLE
                                                                : LIST_PARTIAL);
    }
}

/* Ends the connection if it cannot be handed to another worker: the supervisor
 * has no duplicate (--no-retain), or the workers were killed for the shutdown.
 * Returns whether it did. */
static bool end_if_not_recoverable(struct supervisor *supervisor,
                                   struct held_connection *held,
                                   enum record_state state)
{
    if (held->fd >= 0 && !supervisor->skip_waiting)
        return false;
    if (state == RECORD_CLOSING)
        close_done(supervisor, held);
    else if (state == RECORD_EMPTY && supervisor->stage != STAGE_SERVING)
        connections_drop(supervisor, held, END_CLOSED);
    else if (held->fd >= 0)
        fallback_end(supervisor, held);
    else
        connections_drop(supervisor, held, END_LOST);
    return true;
}

void recovery_returned(struct supervisor *supervisor,
                       struct held_connection *held, enum record_state state)
{
    if (end_if_not_recoverable(supervisor, held, state))
        return;
    switch (state) {
    case RECORD_EMPTY:
        settle_empty(supervisor, held);
        break;
    case RECORD_PARSING:
        settle_partial(supervisor, held);
        break;
    case RECORD_COMMITTED:
        connections_wait(supervisor, held, LIST_STALLED);
        connections_bound_saved_requests(supervisor);
        break;
    case RECORD_HANDLING:
        connections_wait(supervisor, held, LIST_URGENT);
        break;
    case RECORD_CLOSING:
    case RECORD_STATES:
        close_done(supervisor, held);
        break;
    }
}

static void refuse(struct supervisor *supervisor, struct held_connection *held,
                   uint16_t status, const char *why)
{
    held->refusal = status;
    held->needs_empty_worker = false;
    event_refusal(supervisor, held, why);
    connections_wait(supervisor, held, LIST_URGENT);
}

/* Has no byte arrived or been consumed during the last deaths?  Bytes written
 * count only in COMMITTED, where a response is sent. */
static bool is_stuck(struct held_connection *held, enum record_state state)
{
    struct kernel_queue queue;
    uint64_t mark = 0;

    if (state == RECORD_CLOSING || kernel_queue_is_empty(held->fd))
        return false;
    if (held->is_tcp && kernel_queue_read(held->fd, &queue) == 0) {
        mark = 2 * queue.consumed_bytes + queue.unread_bytes;
        if (state == RECORD_COMMITTED)
            mark += queue.written_bytes;
    }
    return retry_is_stuck(&held->standstill, (uint32_t)mark);
}

static void settle_stuck(struct supervisor *supervisor,
                         struct held_connection *held, enum record_state state)
{
    if (state == RECORD_COMMITTED)
        connections_drop(supervisor, held, END_LOST);
    else
        refuse(supervisor, held, 500, "too many workers died without progress");
}

void recovery_orphaned(struct supervisor *supervisor,
                       struct held_connection *held, enum record_state state,
                       enum retry_blame blame)
{
    struct retry_limits limits = { supervisor->options->max_attempts,
                                   supervisor->options->max_kills };
    bool repeatable = held->saved_request &&
                      held->saved_request->record.flags & RECORD_REPEATABLE;

    /* The receive queue is empty: there is no request to blame or to refuse. */
    if (state == RECORD_PARSING && held->fd >= 0 &&
        kernel_queue_is_empty(held->fd)) {
        connections_forget_saved_request(supervisor, held);
        state = RECORD_EMPTY;
    }
    if (end_if_not_recoverable(supervisor, held, state))
        return;
    if (held->in_progress)
        held->retried = true;
    if (is_stuck(held, state)) {
        settle_stuck(supervisor, held, state);
        return;
    }
    switch (retry_decide(&limits, &held->history, state, repeatable, blame)) {
    case RETRY_CONTINUE:
        if (state == RECORD_EMPTY)
            settle_empty(supervisor, held);
        else
            connections_wait(supervisor, held, LIST_URGENT);
        break;
    case RETRY_ALONE:
        held->needs_empty_worker = true;
        connections_wait(supervisor, held, LIST_EMPTY_WORKER);
        break;
    case RETRY_REFUSE_UNSAFE:
        refuse(supervisor, held, 502,
               "the request may have run and must not run twice");
        break;
    case RETRY_REFUSE_POISON:
        poison_held(supervisor, held);
        refuse(supervisor, held, 500, "the request crashed too many workers");
        break;
    case RETRY_REFUSE_KILLED:
        refuse(supervisor, held, 500,
               "too many workers were killed while they had the request");
        break;
    case RETRY_CLOSE:
        close_done(supervisor, held);
        break;
    case RETRY_DROP:
        connections_drop(supervisor, held, END_LOST);
        break;
    }
}
