/* SPDX-License-Identifier: MIT */
/* held_connection.c - see held_connection.h. */
#include "supervisor/connections/held_connection.h"
#include "worker/protocol/kernel_queue.h"

void held_worked(struct held_connection *held, struct record_progress progress)
{
    uint32_t ended = progress.answered + progress.refused;

    held->request_in_progress = progress.begun > ended;
    held->request_refused = progress.refused > 0;
    if (ended == 0)
        return;
    held->request_retried = held->needs_empty_worker = false;
    held->partial_reads = 0;
    held->queue_until_us = 0;
    held->history = (struct retry_history){ 0, 0 };
    /* On TCP held_orphaned() notices progress by the kernel's counts. */
    if (!held->is_tcp)
        held->standstill.deaths = 0;
}

void held_reached(struct held_connection *held, struct progress_place reached)
{
    held->reached = reached;
}

uint8_t held_incomplete(struct held_connection *held)
{
    if (held->partial_reads < UINT8_MAX)
        held->partial_reads++;
    return held->partial_reads;
}

/* A worker that refuses a request does not execute it: any worker will do. */
void held_refuse(struct held_connection *held, uint16_t status)
{
    held->refusal = status;
    held->needs_empty_worker = false;
}

bool held_orphaned(struct held_connection *held, enum record_state state)
{
    struct kernel_queue queue;
    uint64_t mark = 0;

    held->request_retried |= held->request_in_progress;
    if (state == RECORD_CLOSING || kernel_queue_is_empty(held->fd))
        return false;
    if (held->is_tcp && kernel_queue_read(held->fd, &queue) == 0) {
        mark = 2 * queue.consumed_bytes + queue.unread_bytes;
        if (state == RECORD_COMMITTED)
            mark += queue.written_bytes;
    }
    return retry_is_stuck(&held->standstill, (uint32_t)mark);
}

enum retry_verdict held_retry(struct held_connection *held,
                              const struct retry_limits *limits,
                              enum record_state state, enum retry_blame blame)
{
    bool is_repeatable = held->saved_request &&
                         held->saved_request->record.flags & RECORD_REPEATABLE;
    enum retry_verdict verdict =
        retry_decide(limits, &held->history, state, is_repeatable, blame);

    held->needs_empty_worker |= verdict == RETRY_ALONE;
    return verdict;
}
