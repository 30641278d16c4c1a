/* SPDX-License-Identifier: MIT */
/* fairness.c - see fairness.h. */
#include "supervisor/connections/fairness.h"
#include "supervisor/policy/fair_share.h"
#include "supervisor/system/memory.h"
#include "worker/clock.h"
#include <sys/random.h>

static uint32_t item_of(const struct supervisor *supervisor,
                        const struct held_connection *held)
{
    return (uint32_t)(held - supervisor->connections) + 1;
}

static uint32_t flow_of(const struct supervisor *supervisor,
                        const struct held_connection *held)
{
    return supervisor->fair[0].items[item_of(supervisor, held)].flow;
}

static struct fair_queue *queue_of(struct supervisor *supervisor,
                                   const struct deadline_list *list)
{
    if (list == &supervisor->lists[LIST_QUEUE])
        return &supervisor->fair[0];
    if (list == &supervisor->lists[LIST_LATER])
        return &supervisor->fair[1];
    return NULL;
}

int fairness_open(struct supervisor *supervisor)
{
    struct fair_item *items =
        memory_private(supervisor->max_connections + 1, sizeof(*items));
    bool allocated = items != NULL;

    for (int i = 0; i < 2; i++) {
        struct fair_queue *queue = &supervisor->fair[i];

        queue->items = items;
        queue->flows = memory_private(FAIR_FLOWS + 1, sizeof(*queue->flows));
        allocated = allocated && queue->flows;
    }
    supervisor->fair_slow_us =
        memory_private(FAIR_FLOWS + 1, sizeof(*supervisor->fair_slow_us));
    if (!allocated || !supervisor->fair_slow_us)
        return -1;
    return getrandom(&supervisor->fair_secret, sizeof(supervisor->fair_secret),
                     0) == sizeof(supervisor->fair_secret)
               ? 0
               : -1;
}

void fairness_close(struct supervisor *supervisor)
{
    memory_free(supervisor->fair_slow_us);
    memory_free(supervisor->fair[0].items);
    for (int i = 0; i < 2; i++)
        memory_free(supervisor->fair[i].flows);
}

/* UINT32_MAX if the kernel does not know the user. */
static uint32_t user_of(int fd)
{
    struct ucred peer = { .uid = UINT32_MAX };
    socklen_t bytes = sizeof(peer);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) < 0)
        return UINT32_MAX;
    return peer.uid;
}

void fairness_adopt(struct supervisor *supervisor,
                    const struct held_connection *held,
                    const struct sockaddr_storage *peer)
{
    uint32_t uid = held->is_tcp ? 0 : user_of(held->fd);

    supervisor->fair[0].items[item_of(supervisor, held)].flow =
        fair_flow_of(&supervisor->fair_secret, fair_party(peer, uid));
}

void fairness_enlist(struct supervisor *supervisor,
                     const struct held_connection *held)
{
    struct fair_queue *queue = queue_of(supervisor, held->list);

    if (queue)
        fair_queue_add(queue, item_of(supervisor, held));
}

void fairness_unlist(struct supervisor *supervisor,
                     const struct held_connection *held)
{
    struct fair_queue *queue = queue_of(supervisor, held->list);

    if (queue)
        fair_queue_remove(queue, item_of(supervisor, held));
}

/* ---- Turns ---- */

static struct held_connection *held_of(const struct supervisor *supervisor,
                                       uint32_t item)
{
    return item ? &supervisor->connections[item - 1] : NULL;
}

struct held_connection *fairness_next(struct supervisor *supervisor,
                                      enum list_kind kind)
{
    return held_of(supervisor, fair_queue_next(queue_of(
                                   supervisor, &supervisor->lists[kind])));
}

struct held_connection *fairness_after_next(struct supervisor *supervisor,
                                            enum list_kind kind)
{
    return held_of(supervisor, fair_queue_after_next(queue_of(
                                   supervisor, &supervisor->lists[kind])));
}

void fairness_served(struct supervisor *supervisor, enum list_kind kind,
                     const struct held_connection *held)
{
    uint32_t flow = flow_of(supervisor, held);

    fair_queue_pass(queue_of(supervisor, &supervisor->lists[kind]), flow);
    if (supervisor->fair_recent[0].flow != flow)
        supervisor->fair_recent[1] = supervisor->fair_recent[0];
    supervisor->fair_recent[0].flow = flow;
    supervisor->fair_recent[0].served_us = held->handed_us;
}

/* ---- Shares ---- */

void fairness_returned(struct supervisor *supervisor,
                       const struct held_connection *held)
{
    uint64_t now_us;

    if (supervisor->options->handoff != HANDOFF_REQUEST)
        return;
    now_us = clock_monotonic_us();
    if (now_us - held->handed_us >= FAIR_SHARE_SLOW_US)
        supervisor->fair_slow_us[flow_of(supervisor, held)] = now_us;
}

/* How many slots have a worker with a request of that flow; in request handoff
 * a worker holds one connection, in record 0. */
static uint32_t workers_of(const struct supervisor *supervisor, uint32_t flow)
{
    uint32_t workers = 0;

    for (uint32_t i = 0; i < supervisor->slot_count; i++) {
        const struct child *child = supervisor->slots[i].child;

        workers += child->connection_count > 0 && child->connections[0] &&
                   flow_of(supervisor, child->connections[0]) == flow;
    }
    return workers;
}

bool fairness_allows(const struct supervisor *supervisor,
                     const struct held_connection *held)
{
    uint32_t flow = flow_of(supervisor, held);
    bool newest = supervisor->fair_recent[0].flow == flow;
    struct fair_share_claim claim = {
        .workers = supervisor->slot_count,
        .slow_us = supervisor->fair_slow_us[flow],
        .others_us = supervisor->fair_recent[newest].served_us,
    };

    /* The usual case, without the cost of counting workers. */
    if (claim.slow_us == 0)
        return true;
    claim.now_us = clock_monotonic_us();
    claim.own = workers_of(supervisor, flow);
    return fair_share_allows(&claim);
}
