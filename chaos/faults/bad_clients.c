/* SPDX-License-Identifier: MIT */
/* bad_clients.c - see bad_clients.h. */
#include "chaos/faults/bad_clients.h"
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BEAT_S 0.1 /* interval at which each client acts */

#define UNFINISHED "GET /?bad_clients=1 HTTP/1.1\r\nHost: bad_clients\r\n"

struct bad_client {
    struct bad_clients *group;
    int fd;        /* -1: connect at the next beat */
    uint32_t sent; /* bytes for CLIENT_SLOW, requests for CLIENT_HALF_CLOSE */
    ev_io watcher;
};

struct bad_clients {
    struct ev_loop *loop;
    const struct fault *fault;
    const struct url *address;
    ev_timer beat, end_timer;
    struct bad_client *clients;
};

static void disconnect(struct bad_client *client)
{
    if (client->fd < 0)
        return;
    ev_io_stop(client->group->loop, &client->watcher);
    close(client->fd);
    client->fd = -1;
}

/* Deaf and silent clients watch for readability too, to notice the end of the
 * connection. */
static void on_readable(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct bad_client *client = watcher->data;
    bool deaf = client->group->fault->behaviour == CLIENT_DEAF;
    char bytes[4096];
    ssize_t count = recv(client->fd, bytes, sizeof(bytes), deaf ? MSG_PEEK : 0);

    (void)revents;
    if (count > 0 && deaf)
        ev_io_stop(loop, watcher);
    else if (count == 0 || (count < 0 && errno != EAGAIN))
        disconnect(client);
}

static void open_connection(struct bad_client *client)
{
    struct bad_clients *group = client->group;
    const struct url *address = group->address;

    client->fd = socket(address->sockaddr.ss_family,
                        SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0)
        return;
    client->sent = 0;
    if (connect(client->fd, (const struct sockaddr *)&address->sockaddr,
                address->sockaddr_length) < 0 &&
        errno != EINPROGRESS) {
        close(client->fd);
        client->fd = -1;
        return;
    }
    ev_io_init(&client->watcher, on_readable, client->fd, EV_READ);
    client->watcher.data = client;
    ev_io_start(group->loop, &client->watcher);
}

static void send_text(struct bad_client *client, const char *text,
                      size_t length)
{
    if (send(client->fd, text, length, MSG_NOSIGNAL) < 0 && errno != EAGAIN)
        disconnect(client);
}

static void send_request(struct bad_client *client)
{
    send_text(client, UNFINISHED "\r\n", sizeof(UNFINISHED "\r\n") - 1);
}

static void misbehave(struct bad_client *client)
{
    const struct linger reset = { .l_onoff = 1, .l_linger = 0 };

    switch (client->group->fault->behaviour) {
    case CLIENT_SLOW:
        send_text(client, &UNFINISHED[client->sent % (sizeof(UNFINISHED) - 1)],
                  1);
        client->sent++;
        break;
    case CLIENT_SILENT:
    case CLIENT_BEHAVIOURS:
        break;
    case CLIENT_DEAF:
        send_request(client);
        break;
    case CLIENT_HALF_CLOSE:
        if (client->sent++ == 0) {
            send_request(client);
            if (client->fd >= 0)
                shutdown(client->fd, SHUT_WR);
        }
        break;
    case CLIENT_ABORT:
        send_request(client);
        if (client->fd >= 0)
            setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &reset,
                       sizeof(reset));
        disconnect(client);
        break;
    }
}

static void on_beat(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct bad_clients *group = timer->data;

    (void)loop;
    (void)revents;
    for (uint32_t i = 0; i < group->fault->connections; i++) {
        if (group->clients[i].fd < 0)
            open_connection(&group->clients[i]);
        else
            misbehave(&group->clients[i]);
    }
}

static void disconnect_all(struct bad_clients *group)
{
    ev_timer_stop(group->loop, &group->beat);
    ev_timer_stop(group->loop, &group->end_timer);
    for (uint32_t i = 0; i < group->fault->connections; i++)
        disconnect(&group->clients[i]);
}

static void on_end_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    disconnect_all(timer->data);
}

struct bad_clients *bad_clients_start(struct ev_loop *loop,
                                      const struct url *address,
                                      const struct fault *fault)
{
    struct bad_clients *group = calloc(1, sizeof(*group));

    if (!group || !(group->clients =
                        calloc(fault->connections, sizeof(struct bad_client))))
        err(1, "cannot allocate %llu clients",
            (unsigned long long)fault->connections);
    group->loop = loop;
    group->fault = fault;
    group->address = address;
    for (uint32_t i = 0; i < fault->connections; i++)
        group->clients[i] = (struct bad_client){ .group = group, .fd = -1 };
    ev_now_update(loop);
    ev_timer_init(&group->beat, on_beat, (double)fault->start_us / 1e6, BEAT_S);
    ev_timer_init(&group->end_timer, on_end_timer, (double)fault->end_us / 1e6,
                  0);
    group->beat.data = group->end_timer.data = group;
    ev_timer_start(loop, &group->beat);
    ev_timer_start(loop, &group->end_timer);
    return group;
}

void bad_clients_end(struct bad_clients *group)
{
    if (!group)
        return;
    disconnect_all(group);
    free(group->clients);
    free(group);
}
