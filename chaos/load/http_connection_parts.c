/* SPDX-License-Identifier: MIT */
/* http_connection_parts.c - see http_connection_parts.h. */
#include "chaos/load/http_connection_parts.h"
#include "chaos/load/client.h"
#include <string.h>

/* A response that is read slowly: the size of the receive buffer, of a piece,
 * and the time between two pieces. */
#define NARROW_BYTES  (32 * 1024)
#define PIECE_BYTES   (16 * 1024)
#define PIECE_PAUSE_S 0.002

/* Long enough for a worker to wait for the last byte, and to be killed. */
#define LAST_BYTE_PAUSE_S 0.01

static const struct mixture_kind *
kind_of(const struct http_connection *connection)
{
    return connection->request.request_template->kind;
}

static bool is_slow(const struct http_connection *connection)
{
    return kind_of(connection) && kind_of(connection)->is_slow;
}

/* ---- Pauses ---- */

static void on_pause_over(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct http_connection *connection = timer->data;

    (void)loop;
    (void)revents;
    if (is_slow(connection)) {
        http_connection_watch(connection, EV_READ);
        return;
    }
    connection->last_byte_due = true;
    http_connection_send(connection);
}

static void begin_pause(struct http_connection *connection, double seconds)
{
    ev_timer_set(&connection->pause, seconds, 0);
    ev_timer_start(connection->client->loop, &connection->pause);
}

size_t http_connection_piece_bytes(const struct http_connection *connection,
                                   size_t max)
{
    return is_slow(connection) ? PIECE_BYTES : max;
}

void http_connection_pause_reading(struct http_connection *connection)
{
    if (!is_slow(connection))
        return;
    ev_io_stop(connection->client->loop, &connection->watcher);
    begin_pause(connection, PIECE_PAUSE_S);
}

/* ---- Sending ---- */

void http_connection_prepare_parts(struct http_connection *connection)
{
    int narrow = NARROW_BYTES;

    ev_init(&connection->pause, on_pause_over);
    connection->pause.data = connection;
    if (kind_of(connection))
        setsockopt(connection->fd, SOL_SOCKET, SO_RCVBUF, &narrow,
                   sizeof(narrow));
}

size_t http_connection_held_bytes(const struct http_connection *connection)
{
    size_t held =
        kind_of(connection) ? mixture_held_bytes(kind_of(connection)) : 0;

    if (held == 0 || connection->answer.interims == 0)
        return held;
    return !connection->last_byte_due;
}

void http_connection_continue(struct http_connection *connection)
{
    if (http_connection_held_bytes(connection) != 1)
        return;
    http_connection_send(connection);
    if (!ev_is_active(&connection->pause))
        begin_pause(connection, LAST_BYTE_PAUSE_S);
}

/* ---- Responses ---- */

uint32_t http_connection_parts(const struct http_connection *connection)
{
    return kind_of(connection) ? kind_of(connection)->part_count : 0;
}

static void begin_check(struct http_connection *connection)
{
    response_check_part(&connection->answer, &connection->client->counter,
                        kind_of(connection), connection->part,
                        connection->request.number, connection->known);
}

void http_connection_begin_parts(struct http_connection *connection)
{
    struct mixture_counter *counter = &connection->client->counter;

    connection->part = 0;
    connection->last_byte_due = false;
    connection->known = counter->known;
    mixture_sent(counter, kind_of(connection));
    begin_check(connection);
}

bool http_connection_is_last_part(const struct http_connection *connection)
{
    return connection->part + 1 >= http_connection_parts(connection);
}

bool http_connection_begins_next_part(struct http_connection *connection)
{
    if (http_connection_is_last_part(connection) ||
        !connection->answer.keeps_connection ||
        response_check_judge(&connection->answer) != OUTCOME_OK)
        return false;
    connection->part++;
    response_check_begin(&connection->answer, &connection->client->check,
                         connection->request.request_template,
                         connection->request.number);
    begin_check(connection);
    return true;
}
