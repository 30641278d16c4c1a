/* SPDX-License-Identifier: MIT */
/*
 * request_queue.h - a growing queue of requests.
 *
 * Pure but for malloc; exits with a message if out of memory, as everywhere
 * in chaos.
 */
#ifndef CHAOS_LOAD_REQUEST_QUEUE_H
#define CHAOS_LOAD_REQUEST_QUEUE_H

#include "chaos/load/http_connection.h"
#include <stdint.h>

/* Empty when all zero. */
struct request_queue {
    struct load_request *ring;
    uint32_t capacity; /* a power of two, or 0 */
    uint32_t first, count;
};

void request_queue_push(struct request_queue *request_queue,
                        const struct load_request *request);

/* Returns the oldest, or NULL; valid until the next push or pop. */
const struct load_request *
request_queue_first(const struct request_queue *request_queue);

/* Removes the oldest; there must be one. */
void request_queue_pop(struct request_queue *request_queue);

void request_queue_free(struct request_queue *request_queue);

#endif
