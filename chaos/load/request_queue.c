/* request_queue.c - see request_queue.h. */
#include "chaos/load/request_queue.h"
#include <err.h>
#include <stdlib.h>

#define CAPACITY_AT_FIRST 64

static void grow(struct backlog *backlog)
{
    uint32_t capacity =
        backlog->capacity ? backlog->capacity * 2 : CAPACITY_AT_FIRST;
    struct request *ring = calloc(capacity, sizeof(*ring));

    if (!ring)
        err(1, "cannot queue %u requests", capacity);
    for (uint32_t i = 0; i < backlog->count; i++)
        ring[i] = backlog->ring[(backlog->first + i) & (backlog->capacity - 1)];
    free(backlog->ring);
    backlog->ring = ring;
    backlog->capacity = capacity;
    backlog->first = 0;
}

void backlog_push(struct backlog *backlog, const struct request *request)
{
    if (backlog->count == backlog->capacity)
        grow(backlog);
    backlog
        ->ring[(backlog->first + backlog->count++) & (backlog->capacity - 1)] =
        *request;
}

const struct request *backlog_first(const struct backlog *backlog)
{
    return backlog->count ? &backlog->ring[backlog->first] : NULL;
}

void backlog_pop(struct backlog *backlog)
{
    backlog->first = (backlog->first + 1) & (backlog->capacity - 1);
    backlog->count--;
}

void backlog_free(struct backlog *backlog)
{
    free(backlog->ring);
    *backlog = (struct backlog){ 0 };
}
