/* deadlines.c - one list, one timeout, one thing to do. */
#include "supervisor/deadlines.h"
#include "supervisor/connections.h"
#include "supervisor/held_list.h"
#include "supervisor/unserved.h"
#include "worker/kernel_queue.h"

/* A client that goes on sending after its answer has this long to read it. */
#define LINGER_US (2 * UINT64_C(1000000))

/* A request that comes byte by byte is looked at so seldom. */
#define TRICKLE_US 250000

/* A request that came at the last moment still counts. */
static void on_idle_expired(struct supervisor *supervisor, struct held *held)
{
    if (kernel_queue_is_empty(held->fd)) {
        connections_drop(supervisor, held, END_CLOSED);
        return;
    }
    connections_requeue(supervisor, held);
}

/* The worker that gets it next says 408. */
static void on_partial_expired(struct supervisor *supervisor, struct held *held)
{
    held->refusal = 408;
    connections_requeue(supervisor, held);
}

static void on_trickle_expired(struct supervisor *supervisor, struct held *held)
{
    connections_unlist(supervisor, held);
    connections_wait(supervisor, held, LIST_PARTIAL);
}

static void on_stalled_expired(struct supervisor *supervisor, struct held *held)
{
    connections_drop(supervisor, held, END_CLIENT_GONE);
}

void deadlines_set(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;
    const struct {
        uint64_t timeout_us;
        held_expired *on_expired;
    } deadlines[LISTS] = {
        [LIST_IDLE] = { options->idle_timeout_us, on_idle_expired },
        [LIST_PARTIAL] = { options->header_timeout_us, on_partial_expired },
        [LIST_TRICKLE] = { TRICKLE_US, on_trickle_expired },
        [LIST_STALLED] = { options->idle_timeout_us, on_stalled_expired },
        [LIST_ALONE] = { options->queue_timeout_us, unserved_expire },
        [LIST_URGENT] = { options->queue_timeout_us, unserved_expire },
        [LIST_QUEUE] = { options->queue_timeout_us, unserved_expire },
        [LIST_LATER] = { options->queue_timeout_us, unserved_expire },
        [LIST_LINGER] = { LINGER_US, connections_end_linger },
    };

    for (enum list_kind kind = 0; kind < LISTS; kind++)
        held_list_prepare(supervisor, &supervisor->lists[kind],
                          deadlines[kind].timeout_us,
                          deadlines[kind].on_expired);
}
