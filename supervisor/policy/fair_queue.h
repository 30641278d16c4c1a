/*
 * fair_queue.h - which waiting connection is next: the client addresses take
 * turns.
 *
 * Pure.  Connections of one address are served in the order in which they came;
 * addresses are served round robin, one connection each.  So an address with
 * 2,000 waiting connections delays the connection of another address by one
 * turn.  An address that is alone gets every turn.
 *
 * Each operation takes constant time.  The memory is the caller's and fixed:
 * addresses are hashed to FAIR_FLOWS flows with a secret, and two addresses
 * that fall into one flow share its turns (stochastic fairness queueing,
 * P. E. McKenney, 1990).
 *
 * Items are numbered from 1, as flows are; 0 is none.  Zeroed memory is an
 * empty queue.
 */
#ifndef SUPERVISOR_POLICY_FAIR_QUEUE_H
#define SUPERVISOR_POLICY_FAIR_QUEUE_H

#include <stdint.h>
#include <sys/socket.h>

#define FAIR_FLOWS     65536
#define FAIR_FLOW_BITS 16

struct fair_item {
    uint32_t flow;       /* set by the owner of the item, before it is added */
    uint32_t next, prev; /* of the same flow */
};

struct fair_flow {
    uint32_t first, last; /* items */
    uint32_t next, prev;  /* flows that wait, in a ring */
};

/* Several queues may have the same items, if an item is in one at most. */
struct fair_queue {
    struct fair_flow *flows; /* FAIR_FLOWS + 1 of them */
    struct fair_item *items; /* item 0 is not used */
    uint32_t turn;           /* the flow that is next */
};

/* Adds an item that is in no queue, behind the others of its flow.  A flow that
 * had no item here is served last. */
void fair_queue_add(struct fair_queue *queue, uint32_t item);

/* Removes an item that is in this queue, from any position. */
void fair_queue_remove(struct fair_queue *queue, uint32_t item);

/* The item that is next; 0 if none waits. */
uint32_t fair_queue_next(const struct fair_queue *queue);

/* The first item of the flow behind the one whose turn it is; 0 if there is no
 * other flow. */
uint32_t fair_queue_after_next(const struct fair_queue *queue);

/* An item of `flow` was served and removed: if the turn is still this flow's,
 * it passes to the following flow. */
void fair_queue_pass(struct fair_queue *queue, uint32_t flow);

/* Two random numbers, unknown to clients, or they could choose addresses that
 * share the flow of another client. */
struct fair_secret {
    uint64_t factor, term;
};

/* The party that a connection is counted to: an IPv4 address; of an IPv6
 * address the first 64 bits, since one host commonly has all of a /64; for any
 * other family `uid`, the user ID of the peer. */
uint64_t fair_party(const struct sockaddr_storage *address, uint32_t uid);

/* The flow of that party, from 1 to FAIR_FLOWS.  For two parties that do not
 * know the secret the probability of the same flow is 2 / FAIR_FLOWS at most
 * (multiply-shift hashing). */
uint32_t fair_flow_of(const struct fair_secret *secret, uint64_t party);

#endif
