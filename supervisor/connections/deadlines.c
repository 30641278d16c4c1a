/* SPDX-License-Identifier: MIT */
/* deadlines.c - see deadlines.h. */
#include "supervisor/connections/deadlines.h"
#include "supervisor/connections/connections.h"
#include "supervisor/connections/deadline_list.h"
#include "supervisor/connections/departures.h"
#include "supervisor/connections/fallback.h"
#include "worker/clock.h"
#include "worker/protocol/kernel_queue.h"

/* How long a lingering connection stays open if the client does not close. */
#define LINGER_US (2 * UINT64_C(1000000))

/* Minimum time between two looks at a request that arrives in many parts. */
#define TRICKLE_US 250000

/* Connections in LIST_PARTIAL have deadlines in any order, and sorted insertion
 * among thousands would be slow.  So their deadlines in the list are at most
 * this far away, and are renewed until --header-timeout has passed. */
#define PARTIAL_US (1 * UINT64_C(1000000))

/* A connection that returns without an answer keeps its deadline; only the time
 * that it spent with the worker is added. */
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

/* ---- Expiry ---- */

static void on_idle_expired(struct supervisor *supervisor,
                            struct held_connection *held)
{
    if (kernel_queue_is_empty(held->fd)) {
        connections_drop(supervisor, held, END_CLOSED);
        return;
    }
    connections_requeue(supervisor, held);
}

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

/* The socket becomes writable only once a third of its send queue is free,
 * which a slow reader may not reach in one timeout.  So the wait continues if
 * the client has acknowledged anything.  Otherwise the connection lingers: the
 * client may still read what was sent. */
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
