/* SPDX-License-Identifier: MIT */
/* outbox.c - see outbox.h. */
#include "supervisor/pool/outbox.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/rewatch.h"
#include <errno.h>

/* Delay before the next try when the system lacks a resource. */
#define CHANNEL_RETRY_S 0.01

static void add_pending(struct child *child, enum channel_kind kind, int error)
{
    child->pending |= 1U << kind;
    outbox_channel_full(child, error);
}

int outbox_send(struct child *child, enum channel_kind kind)
{
    struct channel_message message = { .kind = kind };
    int error;

    if (kind == CHANNEL_SLOT)
        message.slot =
            (struct channel_slot){ child->slot_number, child->slot_generation };
    if (channel_send(child->channel, &message, -1) == 0)
        return 0;
    error = errno;
    if (kind != CHANNEL_PING)
        add_pending(child, kind, error);
    return error;
}

/* Returns early without a write: most workers never have a pending total, and
 * then the pages of their table stay unused. */
static void note_total(struct child *child, uint32_t record, bool pending,
                       uint64_t total)
{
    struct pending_total *noted = &child->totals[record];

    if (!pending && child->totals_pending == 0)
        return;
    child->totals_pending += pending;
    child->totals_pending -= noted->pending;
    *noted = (struct pending_total){ pending, total };
}

void outbox_forget_total(struct child *child, uint32_t record)
{
    note_total(child, record, false, 0);
}

void outbox_send_total(struct child *child, uint32_t record, uint64_t total)
{
    struct channel_message message = { .kind = CHANNEL_TOTAL,
                                       .record = record,
                                       .total = total };
    bool failed = channel_send(child->channel, &message, -1) < 0;
    int error = errno;

    note_total(child, record, failed, total);
    if (failed)
        add_pending(child, CHANNEL_TOTAL, error);
}

static void send_totals(struct child *child)
{
    for (uint32_t i = 0; child->totals_pending > 0 && !child->channel_full; i++)
        if (child->totals[i].pending)
            outbox_send_total(child, i, child->totals[i].total);
}

static void send_pending(struct child *child)
{
    uint32_t pending = child->pending;

    child->pending = 0;
    for (enum channel_kind kind = 0; kind < CHANNEL_KINDS; kind++) {
        if (!(pending & 1U << kind))
            continue;
        if (child->channel_full)
            child->pending |= 1U << kind;
        else if (kind == CHANNEL_TOTAL)
            send_totals(child);
        else
            outbox_send(child, kind);
    }
}

/* ---- A full channel ---- */

static void outbox_writable(struct child *child)
{
    child->channel_full = false;
    send_pending(child);
}

static void on_outbox_writable(struct ev_loop *loop, ev_io *watcher,
                               int revents)
{
    struct child *child = watcher->data;

    if (rewatch_refused(child->supervisor, revents))
        return;
    ev_io_stop(loop, watcher);
    outbox_writable(child);
}

static void on_outbox_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    outbox_writable(timer->data);
}

void outbox_channel_full(struct child *child, int error)
{
    struct supervisor *supervisor = child->supervisor;

    if (child->channel_full)
        return;
    child->channel_full = true;
    if (error == EAGAIN) {
        ev_io_set(&child->outbox_watcher, child->channel, EV_WRITE);
        ev_io_start(supervisor->loop, &child->outbox_watcher);
    } else if (error == EPIPE || error == ECONNRESET) {
        /* The worker closed its end: it is exiting, or is of no use. */
        child_handle_event(supervisor, child, EVENT_CLOSED);
    } else {
        /* For example ETOOMANYREFS or ENOMEM: the channel is writable, so
         * EV_WRITE would not tell when to try again. */
        event_channel_full(supervisor, child, error);
        ev_timer_set(&child->outbox_timer, CHANNEL_RETRY_S, 0);
        ev_timer_start(supervisor->loop, &child->outbox_timer);
    }
}

void outbox_open(struct child *child)
{
    ev_init(&child->outbox_watcher, on_outbox_writable);
    ev_init(&child->outbox_timer, on_outbox_timer);
    child->outbox_watcher.data = child->outbox_timer.data = child;
}

void outbox_close(struct child *child)
{
    ev_io_stop(child->supervisor->loop, &child->outbox_watcher);
    ev_timer_stop(child->supervisor->loop, &child->outbox_timer);
}
