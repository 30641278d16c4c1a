/* messages.c - reads what workers say, and what it means. */
#include "supervisor/messages.h"
#include "supervisor/berth.h"
#include "supervisor/inheritance.h"
#include "supervisor/slot_port.h"
#include "supervisor/watches.h"
#include "supervisor/wording.h"
#include <errno.h>
#include <unistd.h>

/* When the system refuses a hand-over for want of something of its own. */
#define CHOKED_S 0.01

/* Messages read from one worker in one turn. */
#define MESSAGES_A_TURN 256

/* It could not be told, for the reason in errno. */
static void owe(struct berth *berth, enum channel_kind kind)
{
    berth->owed |= 1U << kind;
    messages_choke(berth->supervisor, berth);
}

int messages_tell(struct berth *berth, enum channel_kind kind)
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

/* Of a connection that the worker accepted itself nothing can be noted: its
 * request waits until its time is over. */
static void tell_total(struct berth *berth, uint32_t record, uint64_t total)
{
    struct held *held = berth->tenants[record];
    struct channel_message message = { .kind = CHANNEL_TOTAL,
                                       .record = record,
                                       .number = total };
    bool failed = channel_send(berth->channel, &message, -1) < 0;

    if (!held)
        return;
    held->total_owed = failed;
    held->total = total;
    if (failed)
        owe(berth, CHANNEL_TOTAL);
}

static void tell_totals(struct berth *berth)
{
    for (uint32_t i = 0; i < berth->records_used && !berth->choked; i++)
        if (berth->tenants[i] && berth->tenants[i]->total_owed)
            tell_total(berth, i, berth->tenants[i]->total);
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
            messages_tell(berth, kind);
    }
}

/* ---- What a worker says ---- */

static void on_worker_online(struct supervisor *supervisor, struct berth *berth)
{
    spawn_settled(&supervisor->spawn, berth->index);
    berth_happen(supervisor, berth, EVENT_ONLINE);
    berth->was_online = true;
    wording_online(supervisor, berth);
    if (berth->state != WORKER_READY)
        return;
    berth_set_timer(berth, supervisor->options->healthy_after_us);
    if (berth->slot) {
        messages_tell(berth, CHANNEL_SEAT);
        slot_port_give(supervisor, berth);
    }
    if (supervisor->stage != STAGE_SERVING)
        messages_tell(berth, CHANNEL_LAST);
}

static bool on_worker_return(struct supervisor *supervisor, struct berth *berth,
                             const struct channel_message *message)
{
    uint32_t record = message->record;
    enum record_state state;
    struct held *held;

    if (record >= berth->records_used || !berth->tenants[record] ||
        berth->tenants[record]->hand_over != message->key)
        return false;
    held = inheritance_take(supervisor, berth, record, message->number == 1,
                            &state);
    if (held)
        inheritance_settle_returned(supervisor, held, state);
    if (berth->responses > 0)
        berth_progress(supervisor, berth);
    if (berth->in_hand == 0) {
        berth->serves_alone = false;
        berth_happen(supervisor, berth, EVENT_IDLE);
    }
    return true;
}

/* Of those that a worker accepts itself, only it knows which there are. */
static bool has_tenant(const struct supervisor *supervisor,
                       const struct berth *berth, uint32_t record)
{
    if (schedule_by_kernel(supervisor->options->schedule))
        return record < berth->arena.capacity;
    return record < berth->records_used && berth->tenants[record];
}

static bool on_worker_count(struct supervisor *supervisor, struct berth *berth,
                            const struct channel_message *message)
{
    uint64_t total;

    if (!has_tenant(supervisor, berth, message->record))
        return false;
    total = counter_add(&supervisor->counter, message->number, message->key);
    tell_total(berth, message->record, total);
    return true;
}

/* Returns false if the worker broke the rules of channel.h. */
static bool on_message(struct supervisor *supervisor, struct berth *berth,
                       const struct channel_message *message, int fd)
{
    if (fd >= 0) {
        close(fd);
        return false;
    }
    if (message->kind == CHANNEL_ONLINE &&
        (berth->state == WORKER_STARTING || berth->state == WORKER_DRAINING)) {
        on_worker_online(supervisor, berth);
        return true;
    }
    if (message->kind == CHANNEL_LEAVING) {
        berth->leaving = true;
        return true;
    }
    if (message->kind == CHANNEL_ANSWERED) {
        berth_progress(supervisor, berth);
        return true;
    }
    if (message->kind == CHANNEL_COUNT)
        return on_worker_count(supervisor, berth, message);
    return message->kind == CHANNEL_RETURN &&
           on_worker_return(supervisor, berth, message);
}

/* ---- Reading ---- */

/* Reads up to `most` messages; returns false if the worker has to go. */
static bool read_some(struct supervisor *supervisor, struct berth *berth,
                      uint32_t most)
{
    while (most-- > 0) {
        struct channel_message message;
        int fd;
        int got = channel_receive(berth->channel, &message, &fd);

        if (got == 0) {
            /* It leaves; or, if it does not, it can't be worked with. */
            ev_io_stop(supervisor->loop, &berth->message_watcher);
            berth_end(berth);
        }
        if (got == 0 || (got < 0 && errno != EPROTO))
            return true;
        if (got < 0 || !on_message(supervisor, berth, &message, fd))
            return false;
        /* Who serves one request and has given it back says no more. */
        if (berth->in_hand == 0 && message.kind == CHANNEL_RETURN)
            return true;
    }
    return true;
}

void messages_read_last(struct supervisor *supervisor, struct berth *berth)
{
    read_some(supervisor, berth, UINT32_MAX);
}

static void on_readable(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct berth *berth = watcher->data;
    struct supervisor *supervisor = berth->supervisor;

    (void)loop;
    if (watches_refused(supervisor, revents))
        return;
    if (read_some(supervisor, berth, MESSAGES_A_TURN))
        return;
    wording_protocol(supervisor, berth);
    ev_io_stop(supervisor->loop, watcher);
    berth_kill(berth);
}

/* ---- A full channel ---- */

static void unchoke(struct berth *berth)
{
    berth->choked = false;
    tell_owed(berth);
}

static void on_room(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct berth *berth = watcher->data;

    if (watches_refused(berth->supervisor, revents))
        return;
    ev_io_stop(loop, watcher);
    unchoke(berth);
}

static void on_room_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    unchoke(timer->data);
}

void messages_choke(struct supervisor *supervisor, struct berth *berth)
{
    int error = errno;

    if (berth->choked)
        return;
    berth->choked = true;
    if (error == EAGAIN) {
        ev_io_set(&berth->room_watcher, berth->channel, EV_WRITE);
        ev_io_start(supervisor->loop, &berth->room_watcher);
    } else if (error == EPIPE || error == ECONNRESET) {
        /* It leaves; or, if it does not, it can't be worked with. */
        berth_end(berth);
    } else {
        /* Too many descriptors in flight, no memory: the channel is writable,
         * and only time helps. */
        wording_choked(supervisor, berth, error);
        ev_timer_set(&berth->room_timer, CHOKED_S, 0);
        ev_timer_start(supervisor->loop, &berth->room_timer);
    }
}

/* ---- The channel ---- */

void messages_watch(struct supervisor *supervisor, struct berth *berth)
{
    ev_io_init(&berth->message_watcher, on_readable, berth->channel, EV_READ);
    ev_init(&berth->room_watcher, on_room);
    ev_init(&berth->room_timer, on_room_timer);
    berth->message_watcher.data = berth->room_watcher.data =
        berth->room_timer.data = berth;
    ev_io_start(supervisor->loop, &berth->message_watcher);
}

void messages_close(struct supervisor *supervisor, struct berth *berth)
{
    ev_io_stop(supervisor->loop, &berth->message_watcher);
    ev_io_stop(supervisor->loop, &berth->room_watcher);
    ev_timer_stop(supervisor->loop, &berth->room_timer);
    close(berth->channel);
    berth->channel = -1;
}
