/* outbox.c - a message goes now, or is owed until there is capacity. */
#include "supervisor/pool/outbox.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/rewatch.h"
#include <errno.h>

/* When the system refuses a handoff for want of something of its own. */
#define CHOKED_S 0.01

/* When the worker has no response area for a response that is to go on: it
 * releases one as soon as it has sent another. */
#define NO_AREA_S 0.001

/* It could not be told, for the reason in errno. */
static void owe(struct berth *berth, enum channel_kind kind)
{
    berth->owed |= 1U << kind;
    tell_choke(berth->supervisor, berth);
}

int tell_worker(struct berth *berth, enum channel_kind kind)
{
    struct channel_message message = { .kind = kind };
    int error;

    message.slot = berth->seat_number;
    message.generation = berth->seat_generation;
    if (channel_send(berth->channel, &message, -1) == 0)
        return 0;
    error = errno;
    if (kind != CHANNEL_PING)
        owe(berth, kind);
    return error;
}

/* Most owe none, ever: their table is not touched. */
static void note_total(struct berth *berth, uint32_t record, bool owed,
                       uint64_t total)
{
    struct owed_total *noted = &berth->totals[record];

    if (!owed && berth->totals_owed == 0)
        return;
    berth->totals_owed += owed;
    berth->totals_owed -= noted->owed;
    *noted = (struct owed_total){ owed, total };
}

void tell_forget_total(struct berth *berth, uint32_t record)
{
    note_total(berth, record, false, 0);
}

void tell_total(struct berth *berth, uint32_t record, uint64_t total)
{
    struct channel_message message = { .kind = CHANNEL_TOTAL,
                                       .record = record,
                                       .number = total };
    bool failed = channel_send(berth->channel, &message, -1) < 0;
    int error = errno;

    note_total(berth, record, failed, total);
    errno = error;
    if (failed)
        owe(berth, CHANNEL_TOTAL);
}

static void tell_totals(struct berth *berth)
{
    for (uint32_t i = 0; berth->totals_owed > 0 && !berth->choked; i++)
        if (berth->totals[i].owed)
            tell_total(berth, i, berth->totals[i].total);
}

/* What it could not be told before. */
static void tell_owed(struct berth *berth)
{
    uint32_t owed = berth->owed;

    berth->owed = 0;
    for (enum channel_kind kind = 0; kind < CHANNEL_KINDS; kind++) {
        if (!(owed & 1U << kind))
            continue;
        if (berth->choked)
            berth->owed |= 1U << kind;
        else if (kind == CHANNEL_TOTAL)
            tell_totals(berth);
        else
            tell_worker(berth, kind);
    }
}

/* ---- A full channel ---- */

static void unchoke(struct berth *berth)
{
    berth->choked = false;
    tell_owed(berth);
}

static void on_outbox_writable(struct ev_loop *loop, ev_io *watcher,
                               int revents)
{
    struct berth *berth = watcher->data;

    if (watches_refused(berth->supervisor, revents))
        return;
    ev_io_stop(loop, watcher);
    unchoke(berth);
}

static void on_outbox_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    unchoke(timer->data);
}

void tell_choke(struct supervisor *supervisor, struct berth *berth)
{
    int error = errno;

    if (berth->choked)
        return;
    berth->choked = true;
    if (error == EAGAIN) {
        ev_io_set(&berth->outbox_watcher, berth->channel, EV_WRITE);
        ev_io_start(supervisor->loop, &berth->outbox_watcher);
    } else if (error == EPIPE || error == ECONNRESET) {
        /* It leaves; or, if it does not, it can't be worked with. */
        berth_end(berth);
    } else {
        /* Too many descriptors in flight, no memory: the channel is writable,
         * and only time helps. */
        if (error != ENOSPC)
            wording_choked(supervisor, berth, error);
        ev_timer_set(&berth->outbox_timer,
                     error == ENOSPC ? NO_AREA_S : CHOKED_S, 0);
        ev_timer_start(supervisor->loop, &berth->outbox_timer);
    }
}

void tell_prepare(struct berth *berth)
{
    ev_init(&berth->outbox_watcher, on_outbox_writable);
    ev_init(&berth->outbox_timer, on_outbox_timer);
    berth->outbox_watcher.data = berth->outbox_timer.data = berth;
}

void tell_no_more(struct berth *berth)
{
    ev_io_stop(berth->supervisor->loop, &berth->outbox_watcher);
    ev_timer_stop(berth->supervisor->loop, &berth->outbox_timer);
}
