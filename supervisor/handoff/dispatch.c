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
#include "worker/protocol/channel.h"
#include <errno.h>
#include <string.h>

/* The pause of handoffs to a worker when its arena cannot be written, and when
 * the arena has no free response area for a response to resume: the worker
 * releases an area after each response. */
#define WRITE_RETRY_S 0.01
#define AREA_RETRY_S  0.001

/* ---- Choosing ---- */

/* `child` is not const: clang warns of the cast in ev_is_active(). */
static bool is_open(const struct supervisor *supervisor, struct child *child)
{
    if (child->channel_full || ev_is_active(&child->handoff_timer) ||
        child->holds_suspect)
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
        struct child *child = supervisor->slots[i].child;

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
 * come from the kernel, never from a worker.  Returns 0; EBUSY if the arena has
 * no free response area; or the errno of a failed write. */
static int write_record(struct child *child, uint32_t index,
                        const struct held_connection *held, uint32_t *area)
{
    struct record *record = &child->arena.records[index];
    const struct saved_request *saved = held->saved_request;
    struct record_progress progress = { .state = RECORD_EMPTY };

    if (saved && record_load(&saved->record).state == RECORD_COMMITTED) {
        *area = arena_take(&child->arena);
        if (*area == ARENA_NO_AREA)
            return EBUSY;
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
    progress.begun = held->request_in_progress;
    memcpy((char *)record, (const char *)&saved->record, sizeof(*record));
    record->area = *area;
    record_store(record, progress);
    if (arena_write(&child->arena, *area, saved->offset, saved->unsent,
                    saved->unsent_bytes) < 0)
        return errno;
    return 0;
}

/* The loop wakes up, and dispatches again. */
static void on_handoff_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)timer;
    (void)revents;
}

void dispatch_open(struct child *child)
{
    ev_init(&child->handoff_timer, on_handoff_timer);
}

void dispatch_close(struct child *child)
{
    ev_timer_stop(child->supervisor->loop, &child->handoff_timer);
}

static void pause_handoffs(struct supervisor *supervisor, struct child *child,
                           int error)
{
    if (error != EBUSY)
        event_handoff_failed(supervisor, child, error);
    ev_timer_set(&child->handoff_timer,
                 error == EBUSY ? AREA_RETRY_S : WRITE_RETRY_S, 0);
    ev_timer_start(supervisor->loop, &child->handoff_timer);
}

/* Undoes a handoff that failed. */
static void take_back_record(struct supervisor *supervisor, struct child *child,
                             const struct held_connection *held, uint32_t index,
                             uint32_t area)
{
    memory_take_back(supervisor, child, area,
                     held->saved_request ? held->saved_request->unsent_bytes
                                         : 0);
    child->free_records[child->free_count++] = index;
}

static void note_handoff(struct supervisor *supervisor, struct child *child,
                         const struct assignment *assignment,
                         struct held_connection *held)
{
    if (held->saved_request && held->request_retried)
        event_resume_request(supervisor, held->number,
                             record_load(&held->saved_request->record).state,
                             child);
    connections_hand(supervisor, held, assignment);
    child->connections[assignment->record] = held;
    child->holds_suspect =
        held->needs_empty_worker && child->connection_count == 0;
    if (child->connection_count++ == 0)
        child_handle_event(supervisor, child, EVENT_HANDED);
}

/* Returns whether the worker has the connection now. */
static bool hand_off(struct supervisor *supervisor, struct child *child,
                     struct held_connection *held)
{
    uint32_t index = take_record(child), area = ARENA_NO_AREA;
    struct channel_message message = {
        .kind = CHANNEL_SERVE,
        .record = index,
        .serve = { .handoff = ++supervisor->handoffs,
                   .refusal = held->refusal,
                   .return_after_one =
                       held->needs_empty_worker || held->request_retried }
    };
    int error;

    memory_grant(supervisor, child, held);
    error = write_record(child, index, held, &area);
    if (error == 0 && channel_send(child->channel, &message, held->fd) == 0) {
        struct assignment assignment = {
            .number = message.serve.handoff,
            .record = index,
            .single_request = message.serve.return_after_one ||
                              supervisor->options->handoff == HANDOFF_REQUEST,
        };

        note_handoff(supervisor, child, &assignment, held);
        return true;
    }
    if (error == 0)
        outbox_channel_full(child, errno);
    else
        pause_handoffs(supervisor, child, error);
    take_back_record(supervisor, child, held, index, area);
    return false;
}

static void dispatch_list(struct supervisor *supervisor,
                          enum connection_state state,
                          struct child *(*chooser)(struct supervisor *))
{
    struct held_connection *held;

    while ((held = supervisor->connections->lists[state].head)) {
        struct child *child = chooser(supervisor);

        if (!child)
            return;
        /* After a failed handoff, the worker is not open: the next round
         * chooses another one. */
        if (!departures_close(supervisor, held))
            hand_off(supervisor, child, held);
    }
}

static enum connection_state state_in_turn(const struct supervisor *supervisor)
{
    enum connection_state first =
        supervisor->later_next ? CONNECTION_LATER : CONNECTION_QUEUED;
    enum connection_state second =
        supervisor->later_next ? CONNECTION_QUEUED : CONNECTION_LATER;

    return supervisor->connections->lists[first].head ? first : second;
}

/* Sets *state to the list of the connection that is returned.  If fairness does
 * not allow the first connection of CONNECTION_QUEUED, the next address gets
 * the worker, or else CONNECTION_LATER. */
static struct held_connection *next_in_turn(struct supervisor *supervisor,
                                            enum connection_state *state)
{
    struct held_connection *held;

    *state = state_in_turn(supervisor);
    held = fairness_next(supervisor, *state);
    if (!held || *state == CONNECTION_LATER ||
        fairness_allows(supervisor, held))
        return held;
    held = fairness_after_next(supervisor, CONNECTION_QUEUED);
    if (held)
        return held;
    *state = CONNECTION_LATER;
    return fairness_next(supervisor, CONNECTION_LATER);
}

static void dispatch_in_turn(struct supervisor *supervisor)
{
    for (;;) {
        enum connection_state state;
        struct held_connection *held = next_in_turn(supervisor, &state);
        struct child *child = held ? choose(supervisor) : NULL;

        if (!child)
            return;
        if (departures_close(supervisor, held))
            continue;
        if (hand_off(supervisor, child, held))
            fairness_served(supervisor, state, held);
        supervisor->later_next = !supervisor->later_next;
    }
}

void dispatch(struct supervisor *supervisor)
{
    dispatch_list(supervisor, CONNECTION_EMPTY_WORKER, choose_empty);
    dispatch_list(supervisor, CONNECTION_URGENT, choose);
    dispatch_in_turn(supervisor);
}
