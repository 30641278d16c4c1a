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
        supervisor->acceptors[supervisor->acceptor_count++] =
            (struct acceptor){ .fd = fd,
                               .is_tcp = address.socket.ss_family != AF_UNIX,
                               .supervisor = supervisor };
    }
    return NULL;
}

void acceptor_announce(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->acceptor_count; i++) {
        char host[LISTENER_NAME_BYTES];
        unsigned port;

        listener_name(supervisor->acceptors[i].fd, host, &port);
        event_listening(supervisor, host, port);
    }
}

void acceptor_destroy(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->acceptor_count; i++)
        listener_close(supervisor->acceptors[i].fd);
    supervisor->acceptor_count = 0;
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
    if (!supervisor->pause_logged)
        event_port_paused(supervisor, why);
    supervisor->pause_logged = true;
    supervisor->accepting = false;
    for (uint32_t i = 0; i < supervisor->acceptor_count; i++)
        ev_io_stop(supervisor->loop, &supervisor->acceptors[i].watcher);
}

static void pause_after_error(struct supervisor *supervisor, int error)
{
    uint64_t us = pause_us(++supervisor->accept_failures, PAUSE_MAX_US);

    pause_accepting(supervisor, strerror(error));
    ev_timer_set(&supervisor->accept_timer, (double)us / 1e6, 0);
    ev_timer_start(supervisor->loop, &supervisor->accept_timer);
}

static bool is_full(const struct supervisor *supervisor)
{
    return supervisor->connection_count >= supervisor->max_connections;
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

        if (is_full(supervisor)) {
            pause_accepting(supervisor, "the connection limit is reached");
            return;
        }
        fd = listener_accept(acceptor->fd, &peer);
        if (fd >= 0 || errno == EAGAIN)
            supervisor->accept_failures = 0;
        if (fd >= 0) {
            connections_adopt(supervisor, fd, acceptor->is_tcp, &peer);
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
    if (supervisor->accepting)
        return;
    supervisor->accepting = true;
    ev_timer_stop(supervisor->loop, &supervisor->accept_timer);
    for (uint32_t i = 0; i < supervisor->acceptor_count; i++) {
        struct acceptor *acceptor = &supervisor->acceptors[i];

        ev_io_init(&acceptor->watcher, on_connection, acceptor->fd, EV_READ);
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
    ev_init(&supervisor->accept_timer, on_pause_over);
    supervisor->accept_timer.data = supervisor;
    if (supervisor_accepts(supervisor))
        resume_accepting(supervisor);
}

void acceptor_make_room(struct supervisor *supervisor)
{
    if (supervisor->connection_count <
        supervisor->max_connections - (supervisor->max_connections + 9) / 10)
        supervisor->pause_logged = false;
    if (!supervisor->accepting && supervisor->stage == STAGE_SERVING &&
        !ev_is_active(&supervisor->accept_timer))
        resume_accepting(supervisor);
}

/* Tries again after a failure: closing a listener resets every connection in
 * its backlog. */
static void accept_rest(struct acceptor *acceptor)
{
    const struct supervisor *supervisor = acceptor->supervisor;
    int tries = 0;

    do
        accept_some(acceptor, supervisor->max_connections);
    while (supervisor->accept_failures > 0 && ++tries < LAST_TRIES_MAX);
}

void acceptor_close(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->acceptor_count; i++) {
        struct acceptor *acceptor = &supervisor->acceptors[i];

        if (supervisor_accepts(supervisor))
            accept_rest(acceptor);
        ev_io_stop(supervisor->loop, &acceptor->watcher);
        listener_close(acceptor->fd);
    }
    worker_listeners_close(supervisor);
    ev_timer_stop(supervisor->loop, &supervisor->accept_timer);
    supervisor->accepting = false;
    supervisor->acceptor_count = 0;
}
