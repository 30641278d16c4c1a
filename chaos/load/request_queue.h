/*
 * request_queue.h - requests that are due and have no connection yet.
 *
 * A queue that grows as it must.  Pure but for malloc; out of memory ends the
 * program with a message, as everywhere in chaos: a run that cannot count has
 * nothing to say.
 */
#ifndef CHAOS_LOAD_REQUEST_QUEUE_H
#define CHAOS_LOAD_REQUEST_QUEUE_H

#include "chaos/load/http_connection.h"
#include <stdint.h>

/* Empty when all zero. */
struct backlog {
    struct request *ring;
    uint32_t capacity; /* a power of two, or 0 */
    uint32_t first, count;
};

void backlog_push(struct backlog *backlog, const struct request *request);

/* The oldest, or NULL; valid until the next push or pop. */
const struct request *backlog_first(const struct backlog *backlog);

/* Removes the oldest; there must be one. */
void backlog_pop(struct backlog *backlog);

void backlog_free(struct backlog *backlog);

#endif
