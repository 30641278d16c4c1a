/* SPDX-License-Identifier: MIT */
/* request_queue.c - see request_queue.h. */
#include "chaos/load/request_queue.h"
#include <err.h>
#include <stdlib.h>

#define CAPACITY_AT_FIRST 64

static void grow(struct request_queue *request_queue)
{
    uint32_t capacity = request_queue->capacity ? request_queue->capacity * 2
                                                : CAPACITY_AT_FIRST;
    struct load_request *ring = calloc(capacity, sizeof(*ring));

    if (!ring)
        err(1, "cannot queue %u requests", capacity);
    for (uint32_t i = 0; i < request_queue->count; i++)
        ring[i] = request_queue->ring[(request_queue->first + i) &
                                      (request_queue->capacity - 1)];
    free(request_queue->ring);
    request_queue->ring = ring;
    request_queue->capacity = capacity;
    request_queue->first = 0;
}

void request_queue_push(struct request_queue *request_queue,
                        const struct load_request *request)
{
    if (request_queue->count == request_queue->capacity)
        grow(request_queue);
    request_queue->ring[(request_queue->first + request_queue->count++) &
                        (request_queue->capacity - 1)] = *request;
}

const struct load_request *
request_queue_first(const struct request_queue *request_queue)
{
    return request_queue->count ? &request_queue->ring[request_queue->first]
                                : NULL;
}

void request_queue_pop(struct request_queue *request_queue)
{
    request_queue->first =
        (request_queue->first + 1) & (request_queue->capacity - 1);
    request_queue->count--;
}

void request_queue_free(struct request_queue *request_queue)
{
    free(request_queue->ring);
    *request_queue = (struct request_queue){ 0 };
}
