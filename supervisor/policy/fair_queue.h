/* SPDX-License-Identifier: MIT */
/*
 * fair_queue.h - the queue of waiting connections; client addresses take turns.
 *
 * Pure.  Connections of one address are served in order of arrival; addresses
 * are served round robin, one connection each.  So an address with
 * 2,000 waiting connections delays the connection of another address by one
 * turn.
 *
 * Each operation takes constant time.  The memory is the caller's and fixed:
 * addresses are hashed with a secret to FAIR_FLOWS flows, and two addresses in
 * one flow share its turns (stochastic fairness queueing, P. E. McKenney,
 * 1990).
 *
 * Items and flows are numbered from 1; 0 is none.  Zeroed memory is an empty
 * queue.
 */
#ifndef SUPERVISOR_POLICY_FAIR_QUEUE_H
#define SUPERVISOR_POLICY_FAIR_QUEUE_H

#include <stdint.h>
#include <sys/socket.h>

#define FAIR_FLOWS     65536
#define FAIR_FLOW_BITS 16

struct fair_item {
    uint32_t flow;       /* set by the caller before the item is added */
    uint32_t next, prev; /* items of the same flow */
};

struct fair_flow {
    uint32_t first, last; /* items */
    uint32_t next, prev;  /* ring of the flows that have items */
};

/* Queues may share `items` if each item is in at most one queue. */
struct fair_queue {
    struct fair_flow *flows; /* FAIR_FLOWS + 1; flow 0 is not used */
    struct fair_item *items; /* item 0 is not used */
    uint32_t turn;           /* the flow that is next */
};

/* Appends an item to its flow; the item must not be in a queue.  A flow that
 * was empty is served last. */
void fair_queue_add(struct fair_queue *queue, uint32_t item);

/* Removes an item of this queue, at any position. */
void fair_queue_remove(struct fair_queue *queue, uint32_t item);

/* Returns the next item, or 0. */
uint32_t fair_queue_next(const struct fair_queue *queue);

/* Returns the first item of the flow after the next one, or 0 if there is only
 * one flow. */
uint32_t fair_queue_after_next(const struct fair_queue *queue);

/* To be called after an item of `flow` was served and removed: if it is still
 * this flow's turn, ends the turn. */
void fair_queue_pass(struct fair_queue *queue, uint32_t flow);

/* Two random numbers.  A client that knows them could choose addresses in the
 * flow of another client. */
struct fair_secret {
    uint64_t factor, term;
};

/* Returns the party that a connection belongs to: the IPv4 address; the first
 * 64 bits of the IPv6 address, because one host usually has a whole /64; for
 * other families, `uid`, the user ID of the peer. */
uint64_t fair_party(const struct sockaddr_storage *address, uint32_t uid);

/* Returns the flow of a party, from 1 to FAIR_FLOWS.  Two parties chosen
 * without knowledge of the secret have the same flow with a probability of at
 * most 2 / FAIR_FLOWS (multiply-shift hashing). */
uint32_t fair_flow_of(const struct fair_secret *secret, uint64_t party);

#endif
