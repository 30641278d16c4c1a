/* SPDX-License-Identifier: MIT */
/* inbox.c - see inbox.h. */
#include "supervisor/lifecycle/inbox.h"
#include "supervisor/handoff/dispatch.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/outbox.h"
#include "supervisor/pool/rewatch.h"
#include "supervisor/pool/worker_listeners.h"
#include "worker/clock.h"
#include <errno.h>
#include <unistd.h>

/* Messages read from one worker in one turn of the loop; other events wait. */
#define MESSAGES_A_TURN 32

/* ---- Messages ---- */

/* These return false if the worker broke the rules of channel.h. */

static bool on_worker_online(struct supervisor *supervisor, struct child *child)
{
    if (child->was_online)
        return false;
    spawn_settled(&supervisor->spawn, child->index);
    child_handle_event(supervisor, child, EVENT_ONLINE);
    child->was_online = true;
    event_online(supervisor, child);
    if (child->state != WORKER_READY)
        return true;
    if (child->slot) {
        outbox_send(child, CHANNEL_SLOT);
        worker_listeners_give(supervisor, child);
    }
    if (supervisor->stage != STAGE_SERVING)
        outbox_send(child, CHANNEL_LAST);
    return true;
}

/* The worker may finish its requests, and has as much time beyond them as a
 * draining worker; a rogue worker could stay after this message. */
static bool on_worker_leaving(struct supervisor *supervisor,
                              struct child *child)
{
    if (child->state == WORKER_STARTING)
        return false;
    child_handle_event(supervisor, child, EVENT_LEAVING);
    return true;
}

static bool on_worker_return(struct supervisor *supervisor, struct child *child,
                             uint32_t record,
                             const struct channel_return *returned)
{
    enum record_state state;
    struct held_connection *held;

    if (record >= child->records_used || !child->connections[record] ||
        child->connections[record]->assignment.number != returned->handoff)
        return false;
    held = reclaim_take(supervisor, child, record, returned->record_invalid,
                        &state);
    if (held)
        recovery_returned(supervisor, held, state);
    if (child->responses > 0)
        child_progress(supervisor, child);
    if (child->connection_count == 0) {
        child->holds_suspect = false;
        child_handle_event(supervisor, child, EVENT_IDLE);
    }
    return true;
}

/* Only the worker knows which connections it has accepted itself: for these any
 * record is accepted. */
static bool has_connection(const struct supervisor *supervisor,
                           const struct child *child, uint32_t record)
{
    if (schedule_by_kernel(supervisor->options->schedule))
        return record < child->arena.capacity;
    return record < child->records_used && child->connections[record];
}

static bool on_worker_count(struct supervisor *supervisor, struct child *child,
                            uint32_t record, const struct channel_count *count)
{
    uint64_t total;

    if (!has_connection(supervisor, child, record))
        return false;
    total = counter_add(&supervisor->counter, count->number, count->key);
    outbox_send_total(child, record, total);
    return true;
}

/* The handoff to which a COUNT belongs, or 0 if the worker may have several
 * requests during one handoff (policy/flood.h). */
static uint64_t counting_handoff(const struct supervisor *supervisor,
                                 const struct child *child,
                                 const struct channel_message *message)
{
    bool one = supervisor->options->handoff == HANDOFF_REQUEST &&
               !schedule_by_kernel(supervisor->options->schedule);

    return one && has_connection(supervisor, child, message->record)
               ? child->connections[message->record]->assignment.number
               : 0;
}

/* Returns false if no correct worker sends messages at that rate. */
static bool is_allowed(const struct supervisor *supervisor, struct child *child,
                       const struct channel_message *message)
{
    if (message->kind == CHANNEL_RETURN)
        return true;
    if (message->kind == CHANNEL_COUNT)
        return flood_allows_count(&child->flood,
                                  counting_handoff(supervisor, child, message),
                                  clock_monotonic_us());
    return flood_allows_other(&child->flood);
}

/* Allowed only if workers accept themselves: for other connections the record
 * counts answers, and the kernel's counts confirm it. */
static bool on_worker_answered(struct supervisor *supervisor,
                               struct child *child)
{
    if (!schedule_by_kernel(supervisor->options->schedule))
        return false;
    child_progress(supervisor, child);
    return true;
}

static bool on_message(struct supervisor *supervisor, struct child *child,
                       const struct channel_message *message)
{
    switch (message->kind) {
    case CHANNEL_ONLINE:
        return on_worker_online(supervisor, child);
    case CHANNEL_LEAVING:
        return on_worker_leaving(supervisor, child);
    case CHANNEL_ANSWERED:
        return on_worker_answered(supervisor, child);
    case CHANNEL_COUNT:
        return on_worker_count(supervisor, child, message->record,
                               &message->count);
    case CHANNEL_RETURN:
        return on_worker_return(supervisor, child, message->record,
                                &message->returned);
    default: /* a message to a worker */
        return false;
    }
}

/* ---- Reading ---- */

enum message_verdict { MESSAGES_VALID, MESSAGE_INVALID, MESSAGE_FLOOD };

/* Reads at most `max` messages.  Unless the result is MESSAGES_VALID, the
 * caller must kill the worker. */
static enum message_verdict read_some(struct supervisor *supervisor,
                                      struct child *child, uint32_t max)
{
    while (max-- > 0) {
        struct channel_message message;
        int fd;
        int got = channel_receive(child->channel, &message, &fd);

        if (got == 0) {
            /* The worker closed its end: it is exiting, or is of no use. */
            ev_io_stop(supervisor->loop, &child->message_watcher);
            child_handle_event(supervisor, child, EVENT_CLOSED);
        }
        if (got == 0 || (got < 0 && errno != EPROTO))
            return MESSAGES_VALID;
        if (fd >= 0) {
            close(fd); /* only messages to a worker have one */
            return MESSAGE_INVALID;
        }
        if (got > 0 && !is_allowed(supervisor, child, &message))
            return MESSAGE_FLOOD;
        if (got < 0 || !on_message(supervisor, child, &message))
            return MESSAGE_INVALID;
        /* Saves a call that would return EAGAIN: a worker without connections
         * rarely sends more. */
        if (child->connection_count == 0 && message.kind == CHANNEL_RETURN)
            return MESSAGES_VALID;
    }
    return MESSAGES_VALID;
}

void inbox_read_last(struct supervisor *supervisor, struct child *child)
{
    read_some(supervisor, child, UINT32_MAX);
}

static void on_readable(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct child *child = watcher->data;
    struct supervisor *supervisor = child->supervisor;

    (void)loop;
    if (rewatch_refused(supervisor, revents))
        return;
    switch (read_some(supervisor, child, MESSAGES_A_TURN)) {
    case MESSAGES_VALID:
        return;
    case MESSAGE_INVALID:
        event_protocol(supervisor, child);
        break;
    case MESSAGE_FLOOD:
        event_flood(supervisor, child);
        break;
    }
    ev_io_stop(supervisor->loop, watcher);
    child_handle_event(supervisor, child, EVENT_KILL);
}

/* ---- The channel ---- */

void inbox_watch(struct supervisor *supervisor, struct child *child)
{
    ev_io_init(&child->message_watcher, on_readable, child->channel, EV_READ);
    child->message_watcher.data = child;
    ev_io_start(supervisor->loop, &child->message_watcher);
    outbox_open(child);
    dispatch_open(child);
}

void inbox_close(struct supervisor *supervisor, struct child *child)
{
    ev_io_stop(supervisor->loop, &child->message_watcher);
    dispatch_close(child);
    outbox_close(child);
    close(child->channel);
    child->channel = -1;
}
