/* SPDX-License-Identifier: MIT */
/*
 * delivery.c - steps 4 to 7: sends the response, then consumes the request.
 *
 * The process may die at any instruction.  Therefore each store to the record
 * precedes the action that it announces, and the kernel counts what the action
 * has done.
 *
 * Progress is the difference of two counts: the sum of a start and a length
 * could wrap, and then the request or the response would seem complete.
 */
#include "worker/serve/internal.h"
#include <errno.h>
#include <sys/socket.h>

/* ---- Step 7: the request has ended ---- */

static enum connection_need finish(struct connection *connection)
{
    struct record *record = connection->record;
    bool ends = record->flags & RECORD_ENDS;

    if (record->flags & RECORD_INTERIM) {
        step_mark(connection, RECORD_PARSING);
        return NEED_NOTHING;
    }
    if (connection->low_water_raised)
        step_set_low_water(connection, 1);
    if (record->status < 400)
        connection->progress.answered++;
    else
        connection->progress.refused++;
    if (record->flags & RECORD_QUARANTINED && record->status == 503)
        connection->progress.quarantined++;
    connection->handling_since_us = 0;
    connection->refusal = 0;
    connection->reply_received = false;
    step_mark(connection, ends ? RECORD_CLOSING : RECORD_EMPTY);
    fault_forge(&connection->fault, record);
    connection->fault.kind = FAULT_NONE;
    if (!ends)
        return connection->nothing_follows ? NEED_REQUEST : NEED_NOTHING;
    /* The client sees the end now, before the descriptors are closed. */
    shutdown(connection->fd, SHUT_WR);
    return NEED_CLOSE;
}

/* ---- Transfers ---- */

static uint32_t index_of(const struct connection *connection,
                         const struct connection_setting *setting)
{
    return (uint32_t)(connection->record - setting->arena->records);
}

/* Removes at most `bytes` bytes from the receive queue, and counts them. */
static ssize_t consume_some(struct connection *connection,
                            const struct connection_setting *setting,
                            size_t bytes)
{
    struct peek_buffer *peek = setting->peek;
    struct record *record = connection->record;
    ssize_t taken;

    if (connection->counted)
        taken = peek_discard(connection->fd, bytes);
    else
        taken = transfer_take(&setting->arena->head->transfer,
                              index_of(connection, setting), record,
                              connection->fd, peek->bytes,
                              bytes < peek->capacity ? bytes : peek->capacity);
    if (taken > 0)
        connection->consumed_bytes += (uint64_t)taken;
    return taken;
}

/* Sends at most `bytes` bytes of the response from `offset` on, and counts
 * them. */
static ssize_t send_some(struct connection *connection,
                         const struct connection_setting *setting,
                         size_t offset, size_t bytes)
{
    struct record *record = connection->record;
    const char *from = arena_area(connection->arena, connection->area) + offset;
    ssize_t sent;

    if (connection->counted)
        sent = send(connection->fd, from, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    else
        sent = transfer_send(&setting->arena->head->transfer,
                             index_of(connection, setting), record,
                             connection->fd, from, bytes);
    if (sent > 0)
        connection->written_bytes += (uint64_t)sent;
    return sent;
}

/* ---- Step 6: the request is consumed ---- */

static enum connection_need
consume_request(struct connection *connection,
                const struct connection_setting *setting)
{
    struct record *record = connection->record;
    uint64_t done;

    while ((done = connection->consumed_bytes - record->request_start) <
           record->request_bytes) {
        ssize_t taken = consume_some(connection, setting,
                                     (size_t)(record->request_bytes - done));

        if (taken < 0 && errno == EINTR)
            continue;
        /* The bytes were peeked, so only a reset can have removed them. */
        if (taken <= 0)
            return step_close(connection);
    }
    fault_reach(&connection->fault, STEP_CONSUMED, setting->arena);
    return finish(connection);
}

/* ---- Step 5: the response is sent ---- */

/* Returns how many of the `left` bytes to send next: all, or half of the
 * response if a fault follows at STEP_HALF_SENT. */
static size_t piece(const struct connection *connection, size_t left)
{
    bool halves = connection->fault.kind != FAULT_NONE &&
                  connection->fault.step == STEP_HALF_SENT &&
                  left == connection->record->response_bytes;

    return halves ? (left + 1) / 2 : left;
}

enum connection_need delivery_continue(struct connection *connection,
                                       const struct connection_setting *setting)
{
    struct record *record = connection->record;
    uint64_t done;

    while ((done = connection->written_bytes - record->response_start) <
           record->response_bytes) {
        ssize_t sent = send_some(
            connection, setting, (size_t)done,
            piece(connection, (size_t)(record->response_bytes - done)));

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 &&
            (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM))
            return NEED_WRITABLE;
        if (sent < 0)
            return step_close(connection);
        fault_reach(&connection->fault, STEP_HALF_SENT, setting->arena);
    }
    fault_reach(&connection->fault, STEP_SENT, setting->arena);
    return consume_request(connection, setting);
}

/* ---- Step 4: the response is committed ---- */

enum connection_need delivery_commit(struct connection *connection,
                                     const struct connection_setting *setting,
                                     const struct response *response)
{
    struct record *record = connection->record;

    record->response_start = connection->written_bytes;
    record->sent_bytes = 0;
    record->response_bytes = (uint32_t)response->bytes;
    connection->area_used_bytes = response->used_bytes;
    record->area = connection->area;
    record->status = (uint16_t)response->status;
    if (response->ends)
        record->flags |= RECORD_ENDS;
    step_mark(connection, RECORD_COMMITTED);
    fault_reach(&connection->fault, STEP_COMMITTED, setting->arena);
    return delivery_continue(connection, setting);
}
