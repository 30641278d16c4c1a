/* SPDX-License-Identifier: MIT */
/* http_connection_parts.c - see http_connection_parts.h. */
#include "chaos/load/http_connection_parts.h"
#include <string.h>

/* A response that is read slowly: the size of the receive buffer, of a piece,
 * and the time between two pieces. */
#define NARROW_BYTES  (32 * 1024)
#define PIECE_BYTES   (16 * 1024)
#define PIECE_PAUSE_S 0.002

/* Long enough for a worker to wait for the last byte, and to be killed. */
#define LAST_BYTE_PAUSE_S 0.01

static const struct mixture_kind *
kind_of(const struct http_connection *http_connection)
{
    return http_connection->request.request_template->kind;
}

static bool is_slow(const struct http_connection *http_connection)
{
    return kind_of(http_connection) && kind_of(http_connection)->is_slow;
}

/* ---- Pauses ---- */

static void on_pause_over(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct http_connection *http_connection = timer->data;

    (void)loop;
    (void)revents;
    if (is_slow(http_connection)) {
        http_connection_watch(http_connection, EV_READ);
        return;
    }
    http_connection->last_byte_due = true;
    http_connection_send(http_connection);
}

static void begin_pause(struct http_connection *http_connection, double seconds)
{
    ev_timer_set(&http_connection->pause, seconds, 0);
    ev_timer_start(http_connection->owner->loop, &http_connection->pause);
}

size_t
http_connection_piece_bytes(const struct http_connection *http_connection,
                            size_t max)
{
    return is_slow(http_connection) ? PIECE_BYTES : max;
}

void http_connection_pause_reading(struct http_connection *http_connection)
{
    if (!is_slow(http_connection) || http_connection->fd < 0 ||
        http_connection->state != HTTP_CONNECTION_MIDDLE)
        return;
    ev_io_stop(http_connection->owner->loop, &http_connection->watcher);
    begin_pause(http_connection, PIECE_PAUSE_S);
}

/* ---- Sending ---- */

void http_connection_prepare_parts(struct http_connection *http_connection)
{
    int narrow = NARROW_BYTES;

    ev_init(&http_connection->pause, on_pause_over);
    http_connection->pause.data = http_connection;
    if (kind_of(http_connection))
        setsockopt(http_connection->fd, SOL_SOCKET, SO_RCVBUF, &narrow,
                   sizeof(narrow));
}

size_t http_connection_held_bytes(const struct http_connection *http_connection)
{
    size_t held = kind_of(http_connection)
                      ? mixture_held_bytes(kind_of(http_connection))
                      : 0;

    if (held == 0 || http_connection->answer.interims == 0)
        return held;
    return !http_connection->last_byte_due;
}

void http_connection_continue(struct http_connection *http_connection)
{
    if (http_connection_held_bytes(http_connection) != 1)
        return;
    http_connection_send(http_connection);
    if (!ev_is_active(&http_connection->pause))
        begin_pause(http_connection, LAST_BYTE_PAUSE_S);
}

/* ---- Responses ---- */

uint32_t http_connection_parts(const struct http_connection *http_connection)
{
    return kind_of(http_connection) ? kind_of(http_connection)->part_count : 0;
}

static void begin_check(struct http_connection *http_connection)
{
    response_check_part(
        &http_connection->answer, http_connection->owner->counter,
        kind_of(http_connection), http_connection->part,
        http_connection->request.number, http_connection->known);
}

void http_connection_begin_parts(struct http_connection *http_connection)
{
    struct mixture_counter *counter = http_connection->owner->counter;

    http_connection->part = 0;
    http_connection->last_byte_due = false;
    http_connection->known = counter->known;
    mixture_sent(counter, kind_of(http_connection));
    begin_check(http_connection);
}

bool http_connection_is_last_part(const struct http_connection *http_connection)
{
    return http_connection->part + 1 >= http_connection_parts(http_connection);
}

bool http_connection_begins_next_part(struct http_connection *http_connection)
{
    if (http_connection_is_last_part(http_connection) ||
        !http_connection->answer.keeps_connection ||
        response_check_judge(&http_connection->answer) != OUTCOME_OK)
        return false;
    http_connection->part++;
    response_check_begin(&http_connection->answer,
                         http_connection->owner->check,
                         http_connection->request.request_template,
                         http_connection->request.number);
    begin_check(http_connection);
    return true;
}
