/*
 * delivery.c - steps 4 to 7: the response goes out, then the request.
 *
 * Read it with one question: what if the process dies right here?  Each store
 * to the record comes before the deed it announces, and the kernel counts the
 * deed.
 */
#include "worker/steps.h"
#include <errno.h>
#include <sys/socket.h>

/* ---- Step 7: between two requests ---- */

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
    connection->handling_since_us = 0;
    connection->refusal = 0;
    connection->told = false;
    connection->fault.kind = FAULT_NONE;
    step_mark(connection, ends ? RECORD_CLOSING : RECORD_EMPTY);
    if (!ends)
        return connection->drained ? NEED_REQUEST : NEED_NOTHING;
    /* The close itself is the supervisor's, but the client need not wait. */
    shutdown(connection->fd, SHUT_WR);
    return NEED_CLOSE;
}

/* ---- Step 6: the request is taken out ---- */

static enum connection_need take_out(struct connection *connection,
                                     const struct connection_setting *setting)
{
    struct record *record = connection->record;
    uint64_t end = record->request_start + record->request_bytes;

    while (connection->consumed_bytes < end) {
        ssize_t taken =
            peek_discard(setting->peek, connection->fd, connection->counted,
                         (size_t)(end - connection->consumed_bytes));

        if (taken < 0 && errno == EINTR)
            continue;
        /* The bytes were there when they were peeked: only a reset takes them
         * away. */
        if (taken <= 0)
            return step_close(connection);
        connection->consumed_bytes += (uint64_t)taken;
        record->taken_bytes += (uint32_t)taken;
    }
    fault_reach(&connection->fault, STEP_CONSUMED, setting->arena);
    return finish(connection);
}

/* ---- Step 5: the response is sent ---- */

/* All of what is left; or, where a fault is to strike between, half of it. */
static size_t piece(const struct connection *connection, size_t left)
{
    bool halves = connection->fault.kind != FAULT_NONE &&
                  connection->fault.step == STEP_HALF_SENT &&
                  left == connection->record->response_bytes;

    return halves ? (left + 1) / 2 : left;
}

enum connection_need delivery_go_on(struct connection *connection,
                                    const struct connection_setting *setting)
{
    struct record *record = connection->record;
    uint64_t end = record->response_start + record->response_bytes;
    const char *area = arena_area(connection->arena, connection->area);

    while (connection->written_bytes < end) {
        size_t offset =
            (size_t)(connection->written_bytes - record->response_start);
        ssize_t sent = send(connection->fd, area + offset,
                            piece(connection, record->response_bytes - offset),
                            MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 &&
            (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM))
            return NEED_WRITABLE;
        if (sent < 0)
            return step_close(connection);
        connection->written_bytes += (uint64_t)sent;
        record->sent_bytes += (uint32_t)sent;
        fault_reach(&connection->fault, STEP_HALF_SENT, setting->arena);
    }
    fault_reach(&connection->fault, STEP_SENT, setting->arena);
    return take_out(connection, setting);
}

/* ---- Step 4: the point of no return ---- */

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
    return delivery_go_on(connection, setting);
}
