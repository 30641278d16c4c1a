/* SPDX-License-Identifier: MIT */
/* fair_queue.c - a list of items per flow, and a ring of flows. */
#include "supervisor/policy/fair_queue.h"
#include <netinet/in.h>
#include <string.h>

/* ---- Ring of flows ---- */

/* The last flow of the ring is the one before `turn`. */
static void enter_ring(struct fair_queue *queue, uint32_t flow)
{
    struct fair_flow *flows = queue->flows;
    uint32_t next = queue->turn ? queue->turn : flow;
    uint32_t prev = queue->turn ? flows[next].prev : flow;

    flows[flow].next = next;
    flows[flow].prev = prev;
    flows[prev].next = flow;
    flows[next].prev = flow;
    if (!queue->turn)
        queue->turn = flow;
}

static void leave_ring(struct fair_queue *queue, uint32_t flow)
{
    struct fair_flow *flows = queue->flows;
    uint32_t next = flows[flow].next, prev = flows[flow].prev;

    flows[prev].next = next;
    flows[next].prev = prev;
    if (queue->turn == flow)
        queue->turn = next == flow ? 0 : next;
}

/* ---- Queue ---- */

void fair_queue_add(struct fair_queue *queue, uint32_t item)
{
    struct fair_item *items = queue->items;
    struct fair_flow *flow = &queue->flows[items[item].flow];

    items[item].next = 0;
    items[item].prev = flow->last;
    if (flow->last) {
        items[flow->last].next = item;
    } else {
        flow->first = item;
        enter_ring(queue, items[item].flow);
    }
    flow->last = item;
}

void fair_queue_remove(struct fair_queue *queue, uint32_t item)
{
    struct fair_item *items = queue->items;
    struct fair_flow *flow = &queue->flows[items[item].flow];
    uint32_t next = items[item].next, prev = items[item].prev;

    if (prev)
        items[prev].next = next;
    else
        flow->first = next;
    if (next)
        items[next].prev = prev;
    else
        flow->last = prev;
    if (!flow->first)
        leave_ring(queue, items[item].flow);
}

uint32_t fair_queue_next(const struct fair_queue *queue)
{
    return queue->turn ? queue->flows[queue->turn].first : 0;
}

uint32_t fair_queue_after_next(const struct fair_queue *queue)
{
    uint32_t next = queue->turn ? queue->flows[queue->turn].next : 0;

    return next == queue->turn ? 0 : queue->flows[next].first;
}

void fair_queue_pass(struct fair_queue *queue, uint32_t flow)
{
    if (queue->turn == flow && flow)
        queue->turn = queue->flows[flow].next;
}

/* ---- Parties ---- */

uint64_t fair_party(const struct sockaddr_storage *address, uint32_t uid)
{
    /* Not the start of an IPv6 source address: ff00::/8 is multicast. */
    unsigned char bytes[8] = { 0xff, (unsigned char)address->ss_family };
    struct sockaddr_in6 six;
    struct sockaddr_in four;
    uint64_t party;

    if (address->ss_family == AF_INET6) {
        memcpy(&six, address, sizeof(six));
        memcpy(bytes, six.sin6_addr.s6_addr, sizeof(bytes));
    } else if (address->ss_family == AF_INET) {
        memcpy(&four, address, sizeof(four));
        memcpy(bytes + 4, &four.sin_addr, sizeof(four.sin_addr));
    } else {
        memcpy(bytes + 4, &uid, sizeof(uid));
    }
    memcpy(&party, bytes, sizeof(party));
    return party;
}

uint32_t fair_flow_of(const struct fair_secret *secret, uint64_t party)
{
    uint64_t hash = (secret->factor | 1) * party + secret->term;

    return 1 + (uint32_t)(hash >> (64 - FAIR_FLOW_BITS));
}
