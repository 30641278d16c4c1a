/* messages.c - reads what workers say, and what it means. */
#include "supervisor/messages.h"
#include "supervisor/berth.h"
#include "supervisor/inheritance.h"
#include "supervisor/settlement.h"
#include "supervisor/slot_port.h"
#include "supervisor/tell.h"
#include "supervisor/watches.h"
#include "supervisor/wording.h"
#include <errno.h>
#include <unistd.h>

/* Messages read from one worker in one turn. */
#define MESSAGES_A_TURN 256

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
        tell_worker(berth, CHANNEL_SEAT);
        slot_port_give(supervisor, berth);
    }
    if (supervisor->stage != STAGE_SERVING)
        tell_worker(berth, CHANNEL_LAST);
}

/* It may end what it has begun, however slowly, and be as late as one that is
 * asked to leave: only a mad one says so and stays.  To say it again wins no
 * time. */
static bool on_worker_leaving(struct supervisor *supervisor,
                              struct berth *berth)
{
    const struct options *options = supervisor->options;

    if (berth->state == WORKER_STARTING)
        return false;
    if (!berth->leaving && berth->state != WORKER_DRAINING)
        berth_set_timer(berth, options->request_timeout_us +
                                   options->drain_timeout_us);
    berth->leaving = true;
    return true;
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
        settlement_returned(supervisor, held, state);
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

/* Of a connection that was handed over, the record says so, and the kernel's
 * counts confirm the record. */
static bool on_worker_answered(struct supervisor *supervisor,
                               struct berth *berth)
{
    if (!schedule_by_kernel(supervisor->options->schedule))
        return false;
    berth_progress(supervisor, berth);
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
    if (message->kind == CHANNEL_LEAVING)
        return on_worker_leaving(supervisor, berth);
    if (message->kind == CHANNEL_ANSWERED)
        return on_worker_answered(supervisor, berth);
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

/* ---- The channel ---- */

void messages_watch(struct supervisor *supervisor, struct berth *berth)
{
    ev_io_init(&berth->message_watcher, on_readable, berth->channel, EV_READ);
    berth->message_watcher.data = berth;
    ev_io_start(supervisor->loop, &berth->message_watcher);
    tell_prepare(berth);
}

void messages_close(struct supervisor *supervisor, struct berth *berth)
{
    ev_io_stop(supervisor->loop, &berth->message_watcher);
    tell_no_more(berth);
    close(berth->channel);
    berth->channel = -1;
}
