/* SPDX-License-Identifier: MIT */
/* dispatch.c - see dispatch.h. */
#include "supervisor/handoff/dispatch.h"
#include "supervisor/connections/connections.h"
#include "supervisor/connections/departures.h"
#include "supervisor/connections/fairness.h"
#include "supervisor/handoff/response_memory.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/outbox.h"
#include "supervisor/system/clock.h"
#include "worker/protocol/channel.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* ---- Choosing ---- */

static bool is_open(const struct supervisor *supervisor,
                    const struct child *child)
{
    if (child->channel_full || child->holds_suspect)
        return false;
    if (child->state == WORKER_READY)
        return true;
    return child->state == WORKER_BUSY &&
           supervisor->options->handoff == HANDOFF_CONNECTION &&
           (child->free_count > 0 ||
            child->records_used < child->arena.capacity);
}

static struct child *choose(struct supervisor *supervisor)
{
    size_t chosen;

    for (uint32_t i = 0; i < supervisor->slot_count; i++) {
        const struct child *child = supervisor->slots[i].child;

        supervisor->loads[i] = is_open(supervisor, child)
                                   ? child->connection_count
                                   : SCHEDULE_CLOSED;
    }
    chosen = schedule_pick(supervisor->options->schedule, supervisor->loads,
                           supervisor->slot_count, &supervisor->cursor);
    return chosen < supervisor->slot_count ? supervisor->slots[chosen].child
                                           : NULL;
}

/* For a suspect: a worker that holds nothing, or an empty spare.  Without
 * spares every worker may always hold something: then any worker gets the
 * suspect. */
static struct child *choose_empty(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        struct child *child = &supervisor->children[i];

        if (child->state == WORKER_READY && is_open(supervisor, child))
            return child;
    }
    return supervisor->options->spares == 0 ? choose(supervisor) : NULL;
}

/* ---- Handoff ---- */

static uint32_t take_record(struct child *child)
{
    return child->free_count > 0 ? child->free_records[--child->free_count]
                                 : child->records_used++;
}

/* Writes the record from which the worker starts: an empty one, or the saved
 * request with its response in *area.  Writes every byte, because a rogue
 * worker may have written to the record before.  The counts of an empty record
 * come from the kernel, never from a worker.  Returns -1 with errno set, EBUSY
 * if the arena has no free response area. */
static int write_record(struct child *child, uint32_t index,
                        const struct held_connection *held, uint32_t *area)
{
    struct record *record = &child->arena.records[index];
    const struct saved_request *saved = held->saved_request;
    struct record_progress progress = { .state = RECORD_EMPTY };

    if (saved && record_load(&saved->record).state == RECORD_COMMITTED) {
        *area = arena_take(&child->arena);
        if (*area == ARENA_NO_AREA) {
            errno = EBUSY;
            return -1;
        }
        arena_claim(&child->arena, *area, (uint32_t)saved->unsent_bytes);
    }
    if (!saved) {
        memset((char *)record, 0, sizeof(*record));
        record->flags = held->is_tcp ? RECORD_KNOWN : 0;
        record->request_start = held->reached.consumed_bytes;
        record->response_start = held->reached.written_bytes;
        record_store(record, progress);
        return 0;
    }
    progress.state = record_load(&saved->record).state;
    progress.begun = held->in_progress;
    memcpy((char *)record, (const char *)&saved->record, sizeof(*record));
    record->area = *area;
    record_store(record, progress);
    return arena_write(&child->arena, *area, saved->offset, saved->unsent,
                       saved->unsent_bytes);
}

/* Undoes a handoff that failed; preserves errno. */
static void take_back_record(struct supervisor *supervisor, struct child *child,
                             const struct held_connection *held, uint32_t index,
                             uint32_t area)
{
    int error = errno;

    memory_take_back(supervisor, child, area,
                     held->saved_request ? held->saved_request->unsent_bytes
                                         : 0);
    child->free_records[child->free_count++] = index;
    errno = error;
}

static void note_handoff(struct supervisor *supervisor, struct child *child,
                         uint32_t index, struct held_connection *held)
{
    connections_unlist(supervisor, held);
    if (held->saved_request && held->retried)
        event_resume_request(supervisor, held, child);
    connections_forget_saved_request(supervisor, held);
    held->refusal = 0;
    held->place = PLACE_HANDED;
    held->handed_us = clock_monotonic_us();
    held->child = child->index;
    held->record = index;
    child->connections[index] = held;
    child->holds_suspect =
        held->needs_empty_worker && child->connection_count == 0;
    if (child->connection_count++ == 0)
        child_handle_event(supervisor, child, EVENT_HANDED);
    if (supervisor->options->no_retain) {
        close(held->fd);
        held->fd = -1;
    }
}

/* Returns whether the worker has the connection now. */
static bool hand_off(struct supervisor *supervisor, struct child *child,
                     struct held_connection *held)
{
    uint32_t index = take_record(child), area = ARENA_NO_AREA;
    struct channel_message message = { .kind = CHANNEL_SERVE,
                                       .record = index,
                                       .refusal = held->refusal,
                                       .key = ++supervisor->handoffs,
                                       .once = held->needs_empty_worker ||
                                               held->retried };

    memory_grant(supervisor, child, held);
    if (write_record(child, index, held, &area) == 0 &&
        channel_send(child->channel, &message, held->fd) == 0) {
        held->handoff = message.key;
        held->single_request =
            message.once || supervisor->options->handoff == HANDOFF_REQUEST;
        note_handoff(supervisor, child, index, held);
        return true;
    }
    take_back_record(supervisor, child, held, index, area);
    outbox_channel_full(supervisor, child);
    return false;
}

static void dispatch_list(struct supervisor *supervisor, enum list_kind kind,
                          struct child *(*chooser)(struct supervisor *))
{
    struct held_connection *held;

    while ((held = supervisor->lists[kind].head)) {
        struct child *child = chooser(supervisor);

        if (!child)
            return;
        /* A failed handoff marks the channel full: the next round chooses
         * another worker. */
        if (!departures_close(supervisor, held))
            hand_off(supervisor, child, held);
    }
}

static enum list_kind kind_in_turn(const struct supervisor *supervisor)
{
    enum list_kind first = supervisor->later_next ? LIST_LATER : LIST_QUEUE;
    enum list_kind second = supervisor->later_next ? LIST_QUEUE : LIST_LATER;

    return supervisor->lists[first].head ? first : second;
}

/* Sets *kind to the list of the connection that is returned.  If fairness does
 * not allow the first connection of LIST_QUEUE, the next address gets the
 * worker, or else LIST_LATER. */
static struct held_connection *next_in_turn(struct supervisor *supervisor,
                                            enum list_kind *kind)
{
    struct held_connection *held;

    *kind = kind_in_turn(supervisor);
    held = fairness_next(supervisor, *kind);
    if (!held || *kind == LIST_LATER || fairness_allows(supervisor, held))
        return held;
    held = fairness_after_next(supervisor, LIST_QUEUE);
    if (held)
        return held;
    *kind = LIST_LATER;
    return fairness_next(supervisor, LIST_LATER);
}

static void dispatch_in_turn(struct supervisor *supervisor)
{
    for (;;) {
        enum list_kind kind;
        struct held_connection *held = next_in_turn(supervisor, &kind);
        struct child *child = held ? choose(supervisor) : NULL;

        if (!child)
            return;
        if (departures_close(supervisor, held))
            continue;
        if (hand_off(supervisor, child, held))
            fairness_served(supervisor, kind, held);
        supervisor->later_next = !supervisor->later_next;
    }
}

void dispatch(struct supervisor *supervisor)
{
    dispatch_list(supervisor, LIST_EMPTY_WORKER, choose_empty);
    dispatch_list(supervisor, LIST_URGENT, choose);
    dispatch_in_turn(supervisor);
}
