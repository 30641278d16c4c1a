/* fairness.c - connections as items of fair queues. */
#include "supervisor/fairness.h"
#include "supervisor/system/memory.h"
#include <sys/random.h>

static uint32_t item_of(const struct supervisor *supervisor,
                        const struct held *held)
{
    return (uint32_t)(held - supervisor->held) + 1;
}

/* NULL for a list that is served in another order. */
static struct fair_queue *queue_of(struct supervisor *supervisor,
                                   const struct held_list *list)
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
        memory_private(supervisor->most_connections + 1, sizeof(*items));
    bool made = items != NULL;

    for (int i = 0; i < 2; i++) {
        struct fair_queue *queue = &supervisor->fair[i];

        queue->items = items;
        queue->flows = memory_private(FAIR_FLOWS + 1, sizeof(*queue->flows));
        made = made && queue->flows;
    }
    if (!made)
        return -1;
    return getrandom(&supervisor->fair_secret, sizeof(supervisor->fair_secret),
                     0) == sizeof(supervisor->fair_secret)
               ? 0
               : -1;
}

void fairness_close(struct supervisor *supervisor)
{
    memory_free(supervisor->fair[0].items);
    for (int i = 0; i < 2; i++)
        memory_free(supervisor->fair[i].flows);
}

/* Where the kernel does not tell, all clients of Unix sockets are one. */
static uint32_t user_of(int fd)
{
    struct ucred peer = { .uid = UINT32_MAX };
    socklen_t bytes = sizeof(peer);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) < 0)
        return UINT32_MAX;
    return peer.uid;
}

void fairness_adopt(struct supervisor *supervisor, const struct held *held,
                    const struct sockaddr_storage *peer)
{
    uint32_t uid = held->is_tcp ? 0 : user_of(held->fd);

    supervisor->fair[0].items[item_of(supervisor, held)].flow =
        fair_flow_of(&supervisor->fair_secret, fair_party(peer, uid));
}

void fairness_enlist(struct supervisor *supervisor, const struct held *held)
{
    struct fair_queue *queue = queue_of(supervisor, held->list);

    if (queue)
        fair_queue_add(queue, item_of(supervisor, held));
}

void fairness_unlist(struct supervisor *supervisor, const struct held *held)
{
    struct fair_queue *queue = queue_of(supervisor, held->list);

    if (queue)
        fair_queue_remove(queue, item_of(supervisor, held));
}

struct held *fairness_next(struct supervisor *supervisor, enum list_kind kind)
{
    uint32_t item =
        fair_queue_next(queue_of(supervisor, &supervisor->lists[kind]));

    return item ? &supervisor->held[item - 1] : NULL;
}

void fairness_served(struct supervisor *supervisor, enum list_kind kind,
                     const struct held *held)
{
    struct fair_queue *queue = queue_of(supervisor, &supervisor->lists[kind]);

    fair_queue_pass(queue, queue->items[item_of(supervisor, held)].flow);
}
