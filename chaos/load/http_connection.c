/* SPDX-License-Identifier: MIT */
/* http_connection.c - see http_connection.h. */
#include "chaos/load/http_connection_parts.h"
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

void http_connection_drop(struct http_connection *http_connection)
{
    ev_io_stop(http_connection->owner->loop, &http_connection->watcher);
    ev_timer_stop(http_connection->owner->loop, &http_connection->pause);
    close(http_connection->fd);
    http_connection->fd = -1;
    http_connection->owner->on_gone(http_connection);
}

static void end_request(struct http_connection *http_connection,
                        enum outcome outcome)
{
    http_connection->outcome = outcome;
    ev_timer_stop(http_connection->owner->loop, &http_connection->pause);
    http_connection->owner->on_outcome(http_connection, outcome);
}

static void end_and_drop(struct http_connection *http_connection,
                         enum outcome outcome)
{
    end_request(http_connection, outcome);
    http_connection_drop(http_connection);
}

void http_connection_watch(struct http_connection *http_connection, int events)
{
    struct ev_loop *loop = http_connection->owner->loop;

    if (ev_is_active(&http_connection->watcher) &&
        (http_connection->watcher.events & (EV_READ | EV_WRITE)) == events)
        return;
    ev_io_stop(loop, &http_connection->watcher);
    ev_io_set(&http_connection->watcher, http_connection->fd, events);
    ev_io_start(loop, &http_connection->watcher);
}

/* Sends the rest of the head and a part of the body; sets *whole to the size of
 * the request. */
static ssize_t send_some(const struct http_connection *http_connection,
                         uint64_t *whole)
{
    const struct load_request *request = &http_connection->request;
    const struct request_template *request_template = request->request_template;
    char text[REQUEST_TEMPLATE_MAX];
    size_t head = request_template_write(request_template, request->number,
                                         request->last, text);
    struct iovec parts[2] = { { .iov_base = text, .iov_len = 0 } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 1 };
    uint64_t body = 0;

    head -= http_connection_held_bytes(http_connection);
    *whole = head + request_template->body_bytes;
    if (http_connection->sent < head) {
        parts[0].iov_base = text + http_connection->sent;
        parts[0].iov_len = head - http_connection->sent;
    } else {
        body = http_connection->sent - head;
    }
    if (body < request_template->body_bytes) {
        union {
            const char *constant;
            char *for_sendmsg;
        } bytes;

        bytes.constant = request_template_body(
            body, request_template->body_bytes - body, &parts[1].iov_len);
        parts[1].iov_base = bytes.for_sendmsg;
        message.msg_iovlen = 2;
    }
    return sendmsg(http_connection->fd, &message, MSG_NOSIGNAL);
}

/*
 * Sends the rest of the request.  A failure does not end the request: the
 * server may have sent a response before it closed, and that must be read.
 */
void http_connection_send(struct http_connection *http_connection)
{
    uint64_t whole;
    ssize_t sent = send_some(http_connection, &whole);

    if (sent > 0)
        http_connection->sent += (uint64_t)sent;
    if (sent < 0 && errno == ECONNRESET)
        http_connection->reset = true;
    http_connection_watch(http_connection,
                          (sent >= 0 && http_connection->sent < whole) ||
                                  (sent < 0 && errno == EAGAIN)
                              ? EV_READ | EV_WRITE
                              : EV_READ);
}

static void send_request(struct http_connection *http_connection)
{
    http_connection->state = HTTP_CONNECTION_WAITING;
    http_connection->sent = 0;
    response_check_begin(&http_connection->answer,
                         http_connection->owner->check,
                         http_connection->request.request_template,
                         http_connection->request.number);
    if (http_connection_parts(http_connection) > 0)
        http_connection_begin_parts(http_connection);
    http_connection_send(http_connection);
}

void http_connection_ask(struct http_connection *http_connection,
                         const struct load_request *request)
{
    assert(http_connection->state == HTTP_CONNECTION_IDLE);
    http_connection->request = *request;
    send_request(http_connection);
}

/* The response is whole.  `extra`: more bytes followed it. */
static void finish(struct http_connection *http_connection, bool extra)
{
    enum outcome outcome = response_check_judge(&http_connection->answer);

    if (extra && outcome == OUTCOME_OK)
        outcome = OUTCOME_EXTRA;
    if (outcome == OUTCOME_OK && !http_connection_is_last_part(http_connection))
        outcome = OUTCOME_TRUNCATED;
    http_connection->answers++;
    if (extra) {
        end_and_drop(http_connection, outcome);
        return;
    }
    if (http_connection->answer.keeps_connection &&
        !http_connection->request.last) {
        http_connection->state = HTTP_CONNECTION_IDLE;
        end_request(http_connection, outcome);
        http_connection->owner->on_idle(http_connection);
    } else {
        http_connection->state = HTTP_CONNECTION_CLOSING;
        end_request(http_connection, outcome);
        http_connection->owner->on_closing(http_connection);
    }
}

/* The outcome of a request whose connection ended before a whole response. */
static enum outcome
outcome_of_end(const struct http_connection *http_connection, bool by_reset)
{
    if (http_connection->state == HTTP_CONNECTION_MIDDLE)
        return OUTCOME_TRUNCATED;
    if (by_reset)
        return OUTCOME_RESET;
    return http_connection->answers > 0 ? OUTCOME_CLOSED_ON_REUSE
                                        : OUTCOME_CLOSED;
}

static void on_end(struct http_connection *http_connection, bool by_reset)
{
    if (http_connection->state == HTTP_CONNECTION_MIDDLE && !by_reset &&
        response_check_close(&http_connection->answer) == RESPONSE_WHOLE) {
        http_connection->answers++;
        end_and_drop(http_connection,
                     response_check_judge(&http_connection->answer));
        return;
    }
    end_and_drop(http_connection, outcome_of_end(http_connection, by_reset));
}

static void on_answer_bytes(struct http_connection *http_connection,
                            const char *bytes, size_t count)
{
    size_t used;

    http_connection->state = HTTP_CONNECTION_MIDDLE;
    switch (
        response_check_feed(&http_connection->answer, bytes, count, &used)) {
    case RESPONSE_UNFINISHED:
        if (http_connection->answer.interims > 0)
            http_connection_continue(http_connection);
        break;
    case RESPONSE_WHOLE:
        if (!http_connection_begins_next_part(http_connection))
            finish(http_connection, used < count);
        else if (used < count)
            on_answer_bytes(http_connection, bytes + used, count - used);
        break;
    case RESPONSE_MALFORMED:
        end_and_drop(http_connection, OUTCOME_MALFORMED);
        break;
    }
}

static void on_readable(struct http_connection *http_connection)
{
    const struct http_connection_owner *owner = http_connection->owner;
    bool has_request = http_connection->state == HTTP_CONNECTION_WAITING ||
                       http_connection->state == HTTP_CONNECTION_MIDDLE;
    ssize_t count = recv(
        http_connection->fd, owner->buffer,
        http_connection_piece_bytes(http_connection, owner->buffer_bytes), 0);

    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (has_request && count > 0) {
        on_answer_bytes(http_connection, owner->buffer, (size_t)count);
        http_connection_pause_reading(http_connection);
    } else if (has_request) {
        on_end(http_connection, count < 0 || http_connection->reset);
    } else {
        if (count > 0)
            owner->on_unexpected(http_connection);
        http_connection_drop(http_connection);
    }
}

static void on_connected(struct http_connection *http_connection, int error)
{
    if (error == 0)
        send_request(http_connection);
    else if (error == ECONNRESET)
        end_and_drop(http_connection, OUTCOME_RESET);
    else if (error == ETIMEDOUT)
        end_and_drop(http_connection, OUTCOME_TIMEOUT_CONNECTING);
    else
        end_and_drop(http_connection, OUTCOME_REFUSED);
}

static void on_event(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct http_connection *http_connection = watcher->data;
    int error = 0;
    socklen_t length = sizeof(error);

    (void)loop;
    if (http_connection->state == HTTP_CONNECTION_CONNECTING) {
        getsockopt(http_connection->fd, SOL_SOCKET, SO_ERROR, &error, &length);
        on_connected(http_connection, error);
        return;
    }
    if (revents & EV_READ)
        on_readable(http_connection);
    else
        http_connection_send(http_connection);
}

int http_connection_open(struct http_connection *http_connection,
                         const struct http_connection_owner *owner,
                         const struct load_request *request)
{
    int one = 1;
    int fd = socket(owner->address->sa_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    *http_connection = (struct http_connection){
        .owner = owner,
        .state = HTTP_CONNECTION_CONNECTING,
        .fd = fd,
        .request = *request,
        .previous = http_connection->previous,
        .next = http_connection->next,
    };
    ev_io_init(&http_connection->watcher, on_event, fd, EV_WRITE);
    http_connection->watcher.data = http_connection;
    http_connection_prepare_parts(http_connection);
    if (connect(fd, owner->address, owner->address_length) == 0) {
        on_connected(http_connection, 0);
        return 0;
    }
    if (errno == EADDRNOTAVAIL || errno == EAGAIN) {
        close(fd);
        return -1;
    }
    if (errno == EINPROGRESS)
        http_connection_watch(http_connection, EV_WRITE);
    else
        on_connected(http_connection, errno);
    return 0;
}

void http_connection_expire(struct http_connection *http_connection)
{
    switch (http_connection->state) {
    case HTTP_CONNECTION_CONNECTING:
        end_and_drop(http_connection, OUTCOME_TIMEOUT_CONNECTING);
        break;
    case HTTP_CONNECTION_WAITING:
        end_and_drop(http_connection, OUTCOME_TIMEOUT_WAITING);
        break;
    case HTTP_CONNECTION_MIDDLE:
        end_and_drop(http_connection, OUTCOME_TIMEOUT_MIDDLE);
        break;
    case HTTP_CONNECTION_IDLE:
    case HTTP_CONNECTION_CLOSING:
        http_connection_drop(http_connection);
        break;
    }
}

bool http_connection_possible(const struct sockaddr *address, socklen_t length)
{
    const struct timeval patience = { .tv_sec = 1 };
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool possible;

    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    possible = connect(fd, address, length) == 0;
    close(fd);
    return possible;
}
