/* SPDX-License-Identifier: MIT */
/* acceptor.c - see acceptor.h. */
#include "supervisor/connections/acceptor.h"
#include "supervisor/connections/connections.h"
#include "supervisor/log/events.h"
#include "supervisor/policy/address.h"
#include "supervisor/policy/pause.h"
#include "supervisor/pool/rewatch.h"
#include "supervisor/pool/worker_listeners.h"
#include "supervisor/system/listener.h"
#include "worker/http/peek.h"
#include <errno.h>
#include <string.h>

/* Connections accepted in one turn of the loop: a flood of connections must not
 * delay other events. */
#define ACCEPTS_A_TURN 64

/* The longest pause after the system refused a connection, for example because
 * no descriptor was free. */
#define PAUSE_MAX_US UINT64_C(100000)

/* How often acceptor_close() tries to empty a backlog if accept4(2) fails. */
#define LAST_TRIES_MAX 3

/* ---- The sockets ---- */

/* With --schedule reuseport only slots listen (worker_listeners.h): reserves
 * the address for them. */
static int open_one(struct supervisor *supervisor,
                    const struct address *address)
{
    const struct options *options = supervisor->options;

    if (options->schedule == SCHEDULE_REUSEPORT)
        return listener_reserve(address);
    return listener_open(
        address, peek_capacity(&supervisor->worker_config->options.limits),
        supervisor->send_queue_bytes, options->socket_mode);
}

const char *acceptor_open(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;

    for (uint32_t i = 0; i < options->listen_count; i++) {
        struct address address;
        int fd = listen_address_read(options->listen[i], &address)
                     ? open_one(supervisor, &address)
                     : -1;

        if (fd < 0)
            return options->listen[i];
        supervisor->sockets[i] = (struct port_socket){
            .fd = fd, .is_tcp = address.socket.ss_family != AF_UNIX
        };
        supervisor->acceptors->each[i] =
            (struct acceptor){ .socket = &supervisor->sockets[i],
                               .supervisor = supervisor };
        supervisor->socket_count++;
    }
    return NULL;
}

void acceptor_announce(struct supervisor *supervisor, uint64_t budget_bytes)
{
    for (uint32_t i = 0; i < supervisor->socket_count; i++) {
        char host[LISTENER_NAME_BYTES];
        unsigned port;

        listener_name(supervisor->sockets[i].fd, host, &port);
        event_listening(supervisor, host, port, budget_bytes);
    }
}

void acceptor_destroy(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->socket_count; i++)
        listener_close(supervisor->sockets[i].fd);
    supervisor->socket_count = 0;
}

/* ---- Accepting ---- */

static bool supervisor_accepts(const struct supervisor *supervisor)
{
    return !schedule_by_kernel(supervisor->options->schedule);
}

/* Logged once, and again only after acceptor_make_room() found free capacity:
 * at the limit there is a pause for every connection. */
static void pause_accepting(struct supervisor *supervisor, const char *why)
{
    struct acceptors *acceptors = supervisor->acceptors;

    if (!acceptors->pause_logged)
        event_port_paused(supervisor, why, supervisor->connections->count);
    acceptors->pause_logged = true;
    acceptors->is_accepting = false;
    for (uint32_t i = 0; i < supervisor->socket_count; i++)
        ev_io_stop(supervisor->loop, &acceptors->each[i].watcher);
}

static void pause_after_error(struct supervisor *supervisor, int error)
{
    struct acceptors *acceptors = supervisor->acceptors;
    uint64_t us = pause_us(++acceptors->failures, PAUSE_MAX_US);

    pause_accepting(supervisor, strerror(error));
    ev_timer_set(&acceptors->pause_timer, (double)us / 1e6, 0);
    ev_timer_start(supervisor->loop, &acceptors->pause_timer);
}

static bool is_full(const struct connections *connections)
{
    return connections->count >= connections->max;
}

/* Does the error belong to one connection, which is lost (accept(2), "Error
 * handling")?  Any other error would return immediately. */
static bool affects_one_connection(int error)
{
    switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPERM: /* a firewall */
    case EPROTO:
    case ENETDOWN:
    case ENETUNREACH:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
    case EOPNOTSUPP:
    case ETIMEDOUT:
        return true;
    default:
        return false;
    }
}

/* Accepts at most `max` connections. */
static void accept_some(struct acceptor *acceptor, uint32_t max)
{
    struct supervisor *supervisor = acceptor->supervisor;

    while (max-- > 0) {
        struct sockaddr_storage peer;
        int fd;

        if (is_full(supervisor->connections)) {
            pause_accepting(supervisor, "the connection limit is reached");
            return;
        }
        fd = listener_accept(acceptor->socket->fd, &peer);
        if (fd >= 0 || errno == EAGAIN)
            supervisor->acceptors->failures = 0;
        if (fd >= 0) {
            connections_adopt(supervisor, fd, acceptor->socket->is_tcp, &peer);
            continue;
        }
        if (errno == EAGAIN)
            return;
        if (!affects_one_connection(errno)) {
            pause_after_error(supervisor, errno);
            return;
        }
    }
}

static void on_connection(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct acceptor *acceptor = watcher->data;

    (void)loop;
    if (rewatch_refused(acceptor->supervisor, revents))
        return;
    accept_some(acceptor, ACCEPTS_A_TURN);
}

/* ---- Start and stop ---- */

static void resume_accepting(struct supervisor *supervisor)
{
    struct acceptors *acceptors = supervisor->acceptors;

    if (acceptors->is_accepting)
        return;
    acceptors->is_accepting = true;
    ev_timer_stop(supervisor->loop, &acceptors->pause_timer);
    for (uint32_t i = 0; i < supervisor->socket_count; i++) {
        struct acceptor *acceptor = &acceptors->each[i];

        ev_io_init(&acceptor->watcher, on_connection, acceptor->socket->fd,
                   EV_READ);
        acceptor->watcher.data = acceptor;
        ev_io_start(supervisor->loop, &acceptor->watcher);
    }
}

static void on_pause_over(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    resume_accepting(timer->data);
}

void acceptor_start(struct supervisor *supervisor)
{
    struct acceptors *acceptors = supervisor->acceptors;

    ev_init(&acceptors->pause_timer, on_pause_over);
    acceptors->pause_timer.data = supervisor;
    if (supervisor_accepts(supervisor))
        resume_accepting(supervisor);
}

void acceptor_make_room(struct supervisor *supervisor)
{
    struct acceptors *acceptors = supervisor->acceptors;
    const struct connections *connections = supervisor->connections;

    if (connections->count < connections->max - (connections->max + 9) / 10)
        acceptors->pause_logged = false;
    if (!acceptors->is_accepting && supervisor->stage == STAGE_SERVING &&
        !ev_is_active(&acceptors->pause_timer))
        resume_accepting(supervisor);
}

void acceptor_rewatch(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->socket_count; i++)
        if (supervisor->acceptors->is_accepting)
            rewatch(supervisor, &supervisor->acceptors->each[i].watcher);
}

/* Tries again after a failure: closing a listener resets every connection in
 * its backlog. */
static void accept_rest(struct acceptor *acceptor)
{
    const struct supervisor *supervisor = acceptor->supervisor;
    int tries = 0;

    do
        accept_some(acceptor, supervisor->connections->max);
    while (supervisor->acceptors->failures > 0 && ++tries < LAST_TRIES_MAX);
}

void acceptor_close(struct supervisor *supervisor)
{
    struct acceptors *acceptors = supervisor->acceptors;

    for (uint32_t i = 0; i < supervisor->socket_count; i++) {
        struct acceptor *acceptor = &acceptors->each[i];

        if (supervisor_accepts(supervisor))
            accept_rest(acceptor);
        ev_io_stop(supervisor->loop, &acceptor->watcher);
        listener_close(acceptor->socket->fd);
    }
    worker_listeners_close(supervisor);
    ev_timer_stop(supervisor->loop, &acceptors->pause_timer);
    acceptors->is_accepting = false;
    supervisor->socket_count = 0;
}
