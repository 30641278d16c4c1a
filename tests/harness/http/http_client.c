/* SPDX-License-Identifier: MIT */
#include "tests/harness/http/http_client.h"
#include "tests/harness/deadline.h"
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const char *http_outcome_name(enum http_outcome outcome)
{
    static const char *const names[HTTP_OUTCOMES] = {
        [HTTP_ANSWERED] = "answered",   [HTTP_REFUSED] = "refused",
        [HTTP_RESET] = "reset",         [HTTP_CLOSED] = "closed",
        [HTTP_TRUNCATED] = "truncated", [HTTP_TIMED_OUT] = "timed out",
        [HTTP_WRONG] = "no HTTP",
    };

    return names[outcome];
}

/* Binds the socket to 127.0.0.`host`. */
static void bind_host(int fd, unsigned host)
{
    struct sockaddr_in source = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~0xffU) | host),
    };
    const int late = 1;

    ck_assert_uint_le(host, 254);
    /* Without this option, bind(2) reserves a port for this socket alone. */
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof(late));
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&source, sizeof(source)),
                     0);
}

/* `narrow`: as for http_connect_narrow().  With TCP_NODELAY, parts of a request
 * are sent immediately; otherwise each part would wait for the delayed
 * acknowledgement of the previous one. */
static int connect_to(int port, bool narrow, unsigned host)
{
    const int segment_bytes = 536, buffer_bytes = 4096, at_once = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(fd, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
    if (narrow) {
        setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment_bytes,
                   sizeof(segment_bytes));
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes,
                   sizeof(buffer_bytes));
    }
    if (host != 1)
        bind_host(fd, host);
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

bool http_can_connect(int port)
{
    int fd = connect_to(port, false, 1);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

enum http_outcome http_connect(struct http_client *client, int port)
{
    *client = (struct http_client){ .fd = connect_to(port, false, 1) };
    return client->fd < 0 ? HTTP_REFUSED : HTTP_ANSWERED;
}

enum http_outcome http_connect_narrow(struct http_client *client, int port)
{
    *client = (struct http_client){ .fd = connect_to(port, true, 1) };
    return client->fd < 0 ? HTTP_REFUSED : HTTP_ANSWERED;
}

enum http_outcome http_connect_from(struct http_client *client, unsigned host,
                                    int port)
{
    *client = (struct http_client){ .fd = connect_to(port, false, host) };
    return client->fd < 0 ? HTTP_REFUSED : HTTP_ANSWERED;
}

enum http_outcome http_connect_unix(struct http_client *client,
                                    const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    *client = (struct http_client){ .fd = -1 };
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(client->fd, 0);
    ck_assert_uint_lt(strlen(path), sizeof(address.sun_path));
    strcpy(address.sun_path, path);
    if (connect(client->fd, (const struct sockaddr *)&address,
                sizeof(address)) == 0)
        return HTTP_ANSWERED;
    http_disconnect(client);
    return HTTP_REFUSED;
}

void http_disconnect(struct http_client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    free(client->unread);
    *client = (struct http_client){ .fd = -1 };
}

void http_reset(struct http_client *client)
{
    const struct linger none = { .l_onoff = 1, .l_linger = 0 };

    setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
    http_disconnect(client);
}

enum http_outcome http_send_bytes(const struct http_client *client,
                                  const char *bytes, size_t count)
{
    struct deadline deadline = deadline_start();

    while (count > 0) {
        struct pollfd writable = { .fd = client->fd, .events = POLLOUT };
        ssize_t sent;

        if (poll(&writable, 1, deadline_left_ms(deadline)) == 0)
            return HTTP_TIMED_OUT;
        sent = send(client->fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return HTTP_RESET;
        if (sent > 0) {
            bytes += sent;
            count -= (size_t)sent;
        }
    }
    return HTTP_ANSWERED;
}

enum http_outcome http_send(const struct http_client *client, const char *text)
{
    return http_send_bytes(client, text, strlen(text));
}

/* Reads at least one byte.  Returns HTTP_ANSWERED, or why there is none. */
static enum http_outcome receive_some(int fd, struct deadline deadline,
                                      char *bytes, size_t capacity,
                                      size_t *count)
{
    for (;;) {
        struct pollfd readable = { .fd = fd, .events = POLLIN };
        ssize_t got;

        if (poll(&readable, 1, deadline_left_ms(deadline)) == 0)
            return HTTP_TIMED_OUT;
        got = recv(fd, bytes, capacity, MSG_DONTWAIT);
        *count = got > 0 ? (size_t)got : 0;
        if (got > 0)
            return HTTP_ANSWERED;
        if (got == 0)
            return HTTP_CLOSED;
        if (errno != EAGAIN && errno != EINTR)
            return HTTP_RESET;
    }
}

/* Keeps the bytes after the response for the next one. */
static void keep_rest(struct http_client *client, const char *rest,
                      size_t count)
{
    char *kept = NULL;

    if (count > 0) {
        kept = malloc(count);
        ck_assert(kept != NULL);
        memcpy(kept, rest, count);
    }
    free(client->unread);
    client->unread = kept;
    client->unread_bytes = count;
}

/* Parses the unread bytes, or reads more. */
static enum http_outcome feed_some(struct http_client *client,
                                   struct http_reading *reading,
                                   struct deadline deadline)
{
    char fresh[16384];
    const char *bytes = client->unread;
    size_t count = client->unread_bytes;
    ssize_t used;

    if (!bytes) {
        enum http_outcome outcome =
            receive_some(client->fd, deadline, fresh, sizeof(fresh), &count);

        if (outcome != HTTP_ANSWERED)
            return outcome;
        bytes = fresh;
    }
    used = http_reading_feed(reading, bytes, count);
    if (used < 0)
        return HTTP_WRONG;
    keep_rest(client, bytes + used, count - (size_t)used);
    return HTTP_ANSWERED;
}

enum http_outcome http_receive(struct http_client *client, bool to_head,
                               struct http_answer *answer)
{
    struct deadline deadline = deadline_start();
    enum http_outcome outcome = HTTP_ANSWERED;
    struct http_reading reading;

    http_reading_start(&reading, to_head);
    while (outcome == HTTP_ANSWERED && !reading.complete)
        outcome = feed_some(client, &reading, deadline);
    if (outcome == HTTP_CLOSED && reading.head_bytes > 0)
        outcome = http_reading_end(&reading) ? HTTP_ANSWERED : HTTP_TRUNCATED;
    if (outcome == HTTP_ANSWERED)
        http_reading_hand_out(&reading, answer);
    else
        http_reading_drop(&reading);
    return outcome;
}

enum http_outcome http_read_ahead(struct http_client *client, size_t bytes)
{
    struct deadline deadline = deadline_start();

    client->unread = realloc(client->unread, bytes);
    ck_assert(client->unread != NULL);
    while (client->unread_bytes < bytes) {
        size_t count;
        enum http_outcome outcome = receive_some(
            client->fd, deadline, client->unread + client->unread_bytes,
            bytes - client->unread_bytes, &count);

        if (outcome != HTTP_ANSWERED)
            return outcome;
        client->unread_bytes += count;
    }
    return HTTP_ANSWERED;
}

void http_half_close(const struct http_client *client)
{
    shutdown(client->fd, SHUT_WR);
}

bool http_has_answer(const struct http_client *client)
{
    struct pollfd readable = { .fd = client->fd, .events = POLLIN };

    return client->unread_bytes > 0 || poll(&readable, 1, 0) > 0;
}

bool http_closes(struct http_client *client)
{
    char byte;
    size_t count;

    return client->unread_bytes == 0 &&
           receive_some(client->fd, deadline_start(), &byte, 1, &count) ==
               HTTP_CLOSED;
}

enum http_outcome http_get(struct http_client *client, const char *target,
                           struct http_answer *answer)
{
    char request[1024];
    enum http_outcome outcome;

    snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: test\r\n\r\n",
             target);
    outcome = http_send(client, request);
    return outcome == HTTP_ANSWERED ? http_receive(client, false, answer)
                                    : outcome;
}
