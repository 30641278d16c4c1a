/* inbox.c - reads what workers say, and what it means. */
#include "supervisor/lifecycle/inbox.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/log/events.h"
#include "supervisor/pool/child.h"
#include "supervisor/pool/outbox.h"
#include "supervisor/pool/rewatch.h"
#include "supervisor/pool/worker_listeners.h"
#include "supervisor/system/clock.h"
#include <errno.h>
#include <unistd.h>

/* Messages read from one worker in one turn: the others wait meanwhile. */
#define MESSAGES_A_TURN 32

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
        berth->tenants[record]->handoff != message->key)
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

/* In request handoff a worker has one request at a time. */
static uint64_t counting_handoff(const struct supervisor *supervisor,
                                 const struct berth *berth,
                                 const struct channel_message *message)
{
    bool one = supervisor->options->handoff == HANDOFF_REQUEST &&
               !schedule_by_kernel(supervisor->options->schedule);

    return one && has_tenant(supervisor, berth, message->record)
               ? berth->tenants[message->record]->handoff
               : 0;
}

/* Returns false if a sound worker does not say so much. */
static bool is_allowed(const struct supervisor *supervisor, struct berth *berth,
                       const struct channel_message *message)
{
    if (message->kind == CHANNEL_RETURN)
        return true;
    if (message->kind == CHANNEL_COUNT)
        return flood_allows_count(&berth->flood,
                                  counting_handoff(supervisor, berth, message),
                                  clock_monotonic_us());
    return flood_allows_other(&berth->flood);
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

enum verdict { SOUND, UNLAWFUL, FLOODING };

/* Reads up to `most` messages; says whether the worker has to go. */
static enum verdict read_some(struct supervisor *supervisor,
                              struct berth *berth, uint32_t max)
{
    while (max-- > 0) {
        struct channel_message message;
        int fd;
        int got = channel_receive(berth->channel, &message, &fd);

        if (got == 0) {
            /* It leaves; or, if it does not, it can't be worked with. */
            ev_io_stop(supervisor->loop, &berth->message_watcher);
            berth_end(berth);
        }
        if (got == 0 || (got < 0 && errno != EPROTO))
            return SOUND;
        if (got > 0 && fd < 0 && !is_allowed(supervisor, berth, &message))
            return FLOODING;
        if (got < 0 || !on_message(supervisor, berth, &message, fd))
            return UNLAWFUL;
        /* Who serves one request and has given it back says no more. */
        if (berth->in_hand == 0 && message.kind == CHANNEL_RETURN)
            return SOUND;
    }
    return SOUND;
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
    switch (read_some(supervisor, berth, MESSAGES_A_TURN)) {
    case SOUND:
        return;
    case UNLAWFUL:
        wording_protocol(supervisor, berth);
        break;
    case FLOODING:
        wording_flood(supervisor, berth);
        break;
    }
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
