/* deadlines.c - one list, one timeout, one thing to do. */
#include "supervisor/connections/deadlines.h"
#include "supervisor/connections/connections.h"
#include "supervisor/connections/deadline_list.h"
#include "supervisor/connections/departures.h"
#include "supervisor/connections/fallback.h"
#include "supervisor/system/clock.h"
#include "worker/protocol/kernel_queue.h"

/* A client that goes on sending after its answer has this long to read it. */
#define LINGER_US (2 * UINT64_C(1000000))

/* A request that comes byte by byte is looked at so seldom. */
#define TRICKLE_US 250000

/* Requests that have begun to arrive have deadlines in any order.  To put each
 * where it belongs among thousands would take long, so all stand in the order
 * of such looks, until their last one. */
#define PARTIAL_US (1 * UINT64_C(1000000))

/* Being handed over and coming back without an answer puts no deadline off but
 * by the time between. */
static uint64_t queue_deadline(struct held_connection *held,
                               const struct deadline_list *list,
                               uint64_t now_us)
{
    if (held->queue_until_us == 0)
        held->queue_until_us = now_us + list->timeout_us;
    else if (held->handed_us > 0)
        held->queue_until_us += now_us - held->handed_us;
    held->handed_us = 0;
    return held->queue_until_us;
}

uint64_t deadlines_arrival_left_us(const struct supervisor *supervisor,
                                   const struct held_connection *held,
                                   uint64_t now_us)
{
    uint64_t timeout_us = supervisor->options->header_timeout_us;

    if (!held->saved_request)
        return timeout_us;
    return record_arrival_left_us(&held->saved_request->record, timeout_us,
                                  now_us);
}

uint64_t deadlines_of(const struct supervisor *supervisor,
                      struct held_connection *held, enum list_kind kind,
                      uint64_t now_us)
{
    const struct deadline_list *list = &supervisor->lists[kind];
    uint64_t left_us = list->timeout_us;

    if (kind >= LIST_EMPTY_WORKER && kind <= LIST_LATER)
        return queue_deadline(held, list, now_us);
    if (kind == LIST_PARTIAL) {
        uint64_t max_us = deadlines_arrival_left_us(supervisor, held, now_us);

        left_us = max_us < left_us ? max_us : left_us;
    }
    return now_us + left_us;
}

/* ---- When they have passed ---- */

/* A request that came at the last moment still counts. */
static void on_idle_expired(struct supervisor *supervisor,
                            struct held_connection *held)
{
    if (kernel_queue_is_empty(held->fd)) {
        connections_drop(supervisor, held, END_CLOSED);
        return;
    }
    connections_requeue(supervisor, held);
}

/* The worker that gets it next says 408. */
static void on_partial_expired(struct supervisor *supervisor,
                               struct held_connection *held)
{
    if (deadlines_arrival_left_us(supervisor, held, clock_monotonic_us()) > 0) {
        connections_wait_on(supervisor, held);
        return;
    }
    held->refusal = 408;
    connections_requeue(supervisor, held);
}

static void on_trickle_expired(struct supervisor *supervisor,
                               struct held_connection *held)
{
    connections_unlist(supervisor, held);
    connections_wait(supervisor, held, LIST_PARTIAL);
}

/* The queue takes more only once a third of it is free, which a slow reader may
 * need long for: whoever takes anything meanwhile is waited for.  Who doesn't
 * may still read what was sent. */
static void on_stalled_expired(struct supervisor *supervisor,
                               struct held_connection *held)
{
    uint64_t unacked_bytes = kernel_queue_unacked(held->fd);

    if (unacked_bytes >= held->saved_request->unacked_bytes) {
        connections_linger(supervisor, held, END_CLIENT_GONE);
        return;
    }
    held->saved_request->unacked_bytes = unacked_bytes;
    connections_wait_on(supervisor, held);
}

void deadlines_set(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;
    const struct {
        uint64_t timeout_us;
        connection_expired *on_expired;
    } deadlines[LISTS] = {
        [LIST_IDLE] = { options->idle_timeout_us, on_idle_expired },
        [LIST_PARTIAL] = { PARTIAL_US, on_partial_expired },
        [LIST_TRICKLE] = { TRICKLE_US, on_trickle_expired },
        [LIST_STALLED] = { options->idle_timeout_us, on_stalled_expired },
        [LIST_EMPTY_WORKER] = { options->queue_timeout_us, fallback_expire },
        [LIST_URGENT] = { options->queue_timeout_us, fallback_expire },
        [LIST_QUEUE] = { options->queue_timeout_us, fallback_expire },
        [LIST_LATER] = { options->queue_timeout_us, fallback_expire },
        [LIST_LINGER] = { LINGER_US, connections_end_linger },
    };

    departures_prepare(supervisor);
    for (enum list_kind kind = 0; kind < LISTS; kind++)
        deadline_list_prepare(supervisor, &supervisor->lists[kind],
                              deadlines[kind].timeout_us,
                              deadlines[kind].on_expired);
}
