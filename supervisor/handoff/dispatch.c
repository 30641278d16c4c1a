/* dispatch.c - chooses a worker, writes the record, sends the descriptor. */
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
                    const struct berth *berth)
{
    if (berth->choked || berth->serves_alone || berth->leaving)
        return false;
    if (berth->state == WORKER_READY)
        return true;
    return berth->state == WORKER_BUSY &&
           supervisor->options->handoff == HANDOFF_CONNECTION &&
           (berth->free_count > 0 ||
            berth->records_used < berth->arena.capacity);
}

static struct berth *choose(struct supervisor *supervisor)
{
    size_t chosen;

    for (uint32_t i = 0; i < supervisor->slot_count; i++) {
        const struct berth *berth = supervisor->slots[i].berth;

        supervisor->loads[i] =
            is_open(supervisor, berth) ? berth->in_hand : SCHEDULE_CLOSED;
    }
    chosen = schedule_pick(supervisor->options->schedule, supervisor->loads,
                           supervisor->slot_count, &supervisor->cursor);
    return chosen < supervisor->slot_count ? supervisor->slots[chosen].berth
                                           : NULL;
}

/* For a suspect: a worker that holds nothing, be it a spare.  Where there are
 * no spares every worker may always hold something, and then any must do. */
static struct berth *choose_empty(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->berth_count; i++) {
        struct berth *berth = &supervisor->berths[i];

        if (berth->state == WORKER_READY && is_open(supervisor, berth))
            return berth;
    }
    return supervisor->options->spares == 0 ? choose(supervisor) : NULL;
}

/* ---- Handing over ---- */

static uint32_t take_record(struct berth *berth)
{
    return berth->free_count > 0 ? berth->free_records[--berth->free_count]
                                 : berth->records_used++;
}

/* The record the worker starts from: empty, or what the last one left, with its
 * response in *area.  Every byte is written, since whoever had the record
 * before may have been mad.  The counts of an empty record are the kernel's,
 * never those of a worker. */
static int write_record(struct berth *berth, uint32_t index,
                        const struct held *held, uint32_t *area)
{
    struct record *record = &berth->arena.records[index];
    const struct leftover *left = held->left;
    struct record_progress progress = { .state = RECORD_EMPTY };

    if (left && record_load(&left->record).state == RECORD_COMMITTED) {
        *area = arena_take(&berth->arena);
        if (*area == ARENA_NO_AREA) {
            errno = ENOSPC;
            return -1;
        }
        arena_claim(&berth->arena, *area, (uint32_t)left->unsent_bytes);
    }
    if (!left) {
        memset((char *)record, 0, sizeof(*record));
        record->flags = held->is_tcp ? RECORD_KNOWN : 0;
        record->request_start = held->reached.consumed_bytes;
        record->response_start = held->reached.written_bytes;
        record_store(record, progress);
        return 0;
    }
    progress.state = record_load(&left->record).state;
    progress.begun = held->in_hand;
    memcpy((char *)record, (const char *)&left->record, sizeof(*record));
    record->area = *area;
    record_store(record, progress);
    return arena_write(&berth->arena, *area, left->offset, left->unsent,
                       left->unsent_bytes);
}

/* The worker did not get it. */
static void take_back_record(struct supervisor *supervisor, struct berth *berth,
                             const struct held *held, uint32_t index,
                             uint32_t area)
{
    int error = errno;

    memory_take_back(supervisor, berth, area,
                     held->left ? held->left->unsent_bytes : 0);
    berth->free_records[berth->free_count++] = index;
    errno = error;
}

static void handed(struct supervisor *supervisor, struct berth *berth,
                   uint32_t index, struct held *held)
{
    connections_unlist(supervisor, held);
    if (held->left && held->retried)
        wording_take_up(supervisor, held, berth);
    connections_forget_leftover(supervisor, held);
    held->refusal = 0;
    held->place = PLACE_HANDED;
    held->handed_us = clock_monotonic_us();
    held->berth = berth->index;
    held->record = index;
    berth->tenants[index] = held;
    berth->serves_alone = held->alone && berth->in_hand == 0;
    if (berth->in_hand++ == 0)
        berth_happen(supervisor, berth, EVENT_HANDED);
    if (supervisor->options->no_retain) {
        close(held->fd);
        held->fd = -1;
    }
}

/* Returns whether the connection is with the worker now. */
static bool handoff(struct supervisor *supervisor, struct berth *berth,
                    struct held *held)
{
    uint32_t index = take_record(berth), area = ARENA_NO_AREA;
    struct channel_message message = { .kind = CHANNEL_SERVE,
                                       .record = index,
                                       .refusal = held->refusal,
                                       .key = ++supervisor->handoffs,
                                       .once = held->alone || held->retried };

    memory_grant(supervisor, berth, held);
    if (write_record(berth, index, held, &area) == 0 &&
        channel_send(berth->channel, &message, held->fd) == 0) {
        held->handoff = message.key;
        held->once =
            message.once || supervisor->options->handoff == HANDOFF_REQUEST;
        handed(supervisor, berth, index, held);
        return true;
    }
    take_back_record(supervisor, berth, held, index, area);
    tell_choke(supervisor, berth);
    return false;
}

static void empty_list(struct supervisor *supervisor, enum list_kind kind,
                       struct berth *(*chooser)(struct supervisor *))
{
    struct held *held;

    while ((held = supervisor->lists[kind].head)) {
        struct berth *berth = chooser(supervisor);

        if (!berth)
            return;
        /* If this worker takes nothing now, another may. */
        if (!departures_close(supervisor, held))
            handoff(supervisor, berth, held);
    }
}

/* The list whose turn it is; or the other, if that is empty. */
static enum list_kind kind_in_turn(const struct supervisor *supervisor)
{
    enum list_kind first = supervisor->later_next ? LIST_LATER : LIST_QUEUE;
    enum list_kind second = supervisor->later_next ? LIST_QUEUE : LIST_LATER;

    return supervisor->lists[first].head ? first : second;
}

/* Sets *kind to the list that it is in.  What an address may not have now is
 * for the address behind, or for a client that is slow: it takes no time. */
static struct held *next_in_turn(struct supervisor *supervisor,
                                 enum list_kind *kind)
{
    struct held *held;

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

static void empty_in_turn(struct supervisor *supervisor)
{
    for (;;) {
        enum list_kind kind;
        struct held *held = next_in_turn(supervisor, &kind);
        struct berth *berth = held ? choose(supervisor) : NULL;

        if (!berth)
            return;
        if (departures_close(supervisor, held))
            continue;
        if (handoff(supervisor, berth, held))
            fairness_served(supervisor, kind, held);
        supervisor->later_next = !supervisor->later_next;
    }
}

void dispatch(struct supervisor *supervisor)
{
    empty_list(supervisor, LIST_ALONE, choose_empty);
    empty_list(supervisor, LIST_URGENT, choose);
    empty_in_turn(supervisor);
}
