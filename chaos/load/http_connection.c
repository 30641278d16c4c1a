/* SPDX-License-Identifier: MIT */
/* http_connection.c - see http_connection.h. */
#include "chaos/load/client_internal.h"
#include "chaos/load/http_connection_parts.h"
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

void http_connection_drop(struct http_connection *connection)
{
    ev_io_stop(connection->client->loop, &connection->watcher);
    ev_timer_stop(connection->client->loop, &connection->pause);
    if (connection->fd >= 0)
        close(connection->fd);
    client_connection_gone(connection);
}

static void end_request(struct http_connection *connection,
                        enum outcome outcome)
{
    connection->outcome = outcome;
    ev_timer_stop(connection->client->loop, &connection->pause);
    client_connection_outcome(connection, outcome);
}

static void end_and_drop(struct http_connection *connection,
                         enum outcome outcome)
{
    end_request(connection, outcome);
    http_connection_drop(connection);
}

void http_connection_watch(struct http_connection *connection, int events)
{
    struct ev_loop *loop = connection->client->loop;

    if (ev_is_active(&connection->watcher) &&
        (connection->watcher.events & (EV_READ | EV_WRITE)) == events)
        return;
    ev_io_stop(loop, &connection->watcher);
    ev_io_set(&connection->watcher, connection->fd, events);
    ev_io_start(loop, &connection->watcher);
}

/* Sends the rest of the head and a part of the body; sets *whole to the size of
 * the request. */
static ssize_t send_some(const struct http_connection *connection,
                         uint64_t *whole)
{
    const struct load_request *request = &connection->request;
    const struct request_template *template = request->request_template;
    char text[REQUEST_TEMPLATE_MAX];
    size_t head = request_template_write(template, request->number,
                                         request->closes_connection, text);
    struct iovec parts[2] = { { .iov_base = text, .iov_len = 0 } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 1 };
    uint64_t body = 0;

    head -= http_connection_held_bytes(connection);
    *whole = head + template->body_bytes;
    if (connection->sent < head) {
        parts[0].iov_base = text + connection->sent;
        parts[0].iov_len = head - connection->sent;
    } else {
        body = connection->sent - head;
    }
    if (body < template->body_bytes) {
        /* sendmsg(2) does not change the body. */
        parts[1].iov_base = (void *)(uintptr_t)request_template_body(
            body, template->body_bytes - body, &parts[1].iov_len);
        message.msg_iovlen = 2;
    }
    return sendmsg(connection->fd, &message, MSG_NOSIGNAL);
}

/*
 * Sends the rest of the request.  A failure does not end the request: the
 * server may have sent a response before it closed, and that must be read.
 */
void http_connection_send(struct http_connection *connection)
{
    uint64_t whole;
    ssize_t sent = send_some(connection, &whole);

    if (sent > 0)
        connection->sent += (uint64_t)sent;
    if (sent < 0 && errno == ECONNRESET)
        connection->reset = true;
    http_connection_watch(connection, (sent >= 0 && connection->sent < whole) ||
                                              (sent < 0 && errno == EAGAIN)
                                          ? EV_READ | EV_WRITE
                                          : EV_READ);
}

static void send_request(struct http_connection *connection)
{
    connection->state = HTTP_CONNECTION_WAITING;
    connection->sent = 0;
    response_check_begin(&connection->answer, &connection->client->check,
                         connection->request.request_template,
                         connection->request.number);
    if (http_connection_parts(connection) > 0)
        http_connection_begin_parts(connection);
    http_connection_send(connection);
}

void http_connection_ask(struct http_connection *connection,
                         const struct load_request *request)
{
    assert(connection->state == HTTP_CONNECTION_IDLE);
    connection->request = *request;
    send_request(connection);
}

/* The response is whole.  `extra`: more bytes followed it. */
static void finish(struct http_connection *connection, bool extra)
{
    enum outcome outcome = response_check_judge(&connection->answer);

    if (extra && outcome == OUTCOME_OK)
        outcome = OUTCOME_EXTRA;
    if (outcome == OUTCOME_OK && !http_connection_is_last_part(connection))
        outcome = OUTCOME_TRUNCATED;
    connection->answers++;
    if (extra) {
        end_and_drop(connection, outcome);
        return;
    }
    connection->state = connection->answer.keeps_connection &&
                                !connection->request.closes_connection
                            ? HTTP_CONNECTION_IDLE
                            : HTTP_CONNECTION_CLOSING;
    end_request(connection, outcome);
    client_connection_freed(connection);
}

/* The outcome of a request whose connection ended before a whole response. */
static enum outcome outcome_of_end(const struct http_connection *connection,
                                   bool by_reset)
{
    if (connection->state == HTTP_CONNECTION_MIDDLE)
        return OUTCOME_TRUNCATED;
    if (by_reset)
        return OUTCOME_RESET;
    return connection->answers > 0 ? OUTCOME_CLOSED_ON_REUSE : OUTCOME_CLOSED;
}

static void on_end(struct http_connection *connection, bool by_reset)
{
    if (connection->state == HTTP_CONNECTION_MIDDLE && !by_reset &&
        response_check_close(&connection->answer) == RESPONSE_WHOLE) {
        connection->answers++;
        end_and_drop(connection, response_check_judge(&connection->answer));
        return;
    }
    end_and_drop(connection, outcome_of_end(connection, by_reset));
}

static void on_answer_bytes(struct http_connection *connection,
                            const char *bytes, size_t count)
{
    size_t used;

    connection->state = HTTP_CONNECTION_MIDDLE;
    switch (response_check_feed(&connection->answer, bytes, count, &used)) {
    case RESPONSE_UNFINISHED:
        if (connection->answer.interims > 0)
            http_connection_continue(connection);
        http_connection_pause_reading(connection);
        break;
    case RESPONSE_WHOLE:
        if (!http_connection_begins_next_part(connection))
            finish(connection, used < count);
        else if (used < count)
            on_answer_bytes(connection, bytes + used, count - used);
        break;
    case RESPONSE_MALFORMED:
        end_and_drop(connection, OUTCOME_MALFORMED);
        break;
    }
}

static void on_readable(struct http_connection *connection)
{
    bool has_request = connection->state == HTTP_CONNECTION_WAITING ||
                       connection->state == HTTP_CONNECTION_MIDDLE;
    char *buffer = connection->client->buffer;
    ssize_t count =
        recv(connection->fd, buffer,
             http_connection_piece_bytes(connection, CLIENT_BUFFER_BYTES), 0);

    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (has_request && count > 0) {
        on_answer_bytes(connection, buffer, (size_t)count);
    } else if (has_request) {
        on_end(connection, count < 0 || connection->reset);
    } else {
        if (count > 0)
            client_connection_unexpected(connection);
        http_connection_drop(connection);
    }
}

static void on_connected(struct http_connection *connection, int error)
{
    if (error == 0)
        send_request(connection);
    else if (error == ECONNRESET)
        end_and_drop(connection, OUTCOME_RESET);
    else if (error == ETIMEDOUT)
        end_and_drop(connection, OUTCOME_TIMEOUT_CONNECTING);
    else
        end_and_drop(connection, OUTCOME_REFUSED);
}

static void on_event(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct http_connection *connection = watcher->data;
    int error = 0;
    socklen_t length = sizeof(error);

    (void)loop;
    if (connection->state == HTTP_CONNECTION_CONNECTING) {
        getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &length);
        on_connected(connection, error);
        return;
    }
    if (revents & EV_READ)
        on_readable(connection);
    else
        http_connection_send(connection);
}

void http_connection_expire(struct http_connection *connection)
{
    switch (connection->state) {
    case HTTP_CONNECTION_QUEUED:
        end_and_drop(connection, OUTCOME_NOT_SENT);
        break;
    case HTTP_CONNECTION_CONNECTING:
        end_and_drop(connection, OUTCOME_TIMEOUT_CONNECTING);
        break;
    case HTTP_CONNECTION_WAITING:
        end_and_drop(connection, OUTCOME_TIMEOUT_WAITING);
        break;
    case HTTP_CONNECTION_MIDDLE:
        end_and_drop(connection, OUTCOME_TIMEOUT_MIDDLE);
        break;
    case HTTP_CONNECTION_IDLE:
    case HTTP_CONNECTION_CLOSING:
        http_connection_drop(connection);
        break;
    }
}

void http_connection_open(struct http_connection *connection)
{
    const struct url *address = &connection->client->address;
    const struct sockaddr *sockaddr = (const void *)&address->sockaddr;
    int one = 1;
    int fd = socket(sockaddr->sa_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    connection->fd = fd;
    ev_io_init(&connection->watcher, on_event, fd, EV_WRITE);
    connection->watcher.data = connection;
    http_connection_prepare_parts(connection);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (connect(fd, sockaddr, address->sockaddr_length) == 0) {
        on_connected(connection, 0);
    } else if (fd < 0 || errno == EADDRNOTAVAIL || errno == EAGAIN) {
        http_connection_expire(connection);
    } else {
        connection->state = HTTP_CONNECTION_CONNECTING;
        if (errno == EINPROGRESS)
            http_connection_watch(connection, EV_WRITE);
        else
            on_connected(connection, errno);
    }
}

bool http_connection_possible(const struct url *address)
{
    const struct timeval patience = { .tv_sec = 1 };
    int fd = socket(address->sockaddr.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool possible;

    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    possible = connect(fd, (const struct sockaddr *)&address->sockaddr,
                       address->sockaddr_length) == 0;
    close(fd);
    return possible;
}
