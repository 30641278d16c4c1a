/* acceptor.c - takes connections while there is capacity for them. */
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

/* Taken from the port in one turn, so that a flood leaves room for the rest. */
#define ACCEPTS_A_TURN 64

/* The longest pause after the system refused a connection, for example because
 * no descriptor was free. */
#define PAUSE_MAX_US UINT64_C(100000)

/* How often accept4(2) may fail before the port is closed all the same. */
#define LAST_TRIES_MAX 3

/* ---- The sockets ---- */

/* With reuseport it is the slots that listen (worker_listeners.h). */
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

/* ---- Taking ---- */

/* Is it the supervisor that accepts? */
static bool accepts(const struct supervisor *supervisor)
{
    return !schedule_by_kernel(supervisor->options->schedule);
}

/* What waits in the backlog goes on waiting.  Said once until there is room
 * again, not at each connection that comes and goes at the limit. */
static void pause_because(struct supervisor *supervisor, const char *why)
{
    if (!supervisor->pause_logged)
        event_port_paused(supervisor, why);
    supervisor->pause_logged = true;
    supervisor->accepting = false;
    for (uint32_t i = 0; i < supervisor->acceptor_count; i++)
        ev_io_stop(supervisor->loop, &supervisor->acceptors[i].watcher);
}

/* The system lacks something: it may have it again in a moment. */
static void pause_after_error(struct supervisor *supervisor, int error)
{
    uint64_t us = pause_us(++supervisor->accept_failures, PAUSE_MAX_US);

    pause_because(supervisor, strerror(error));
    ev_timer_set(&supervisor->accept_timer, (double)us / 1e6, 0);
    ev_timer_start(supervisor->loop, &supervisor->accept_timer);
}

static bool is_full(const struct supervisor *supervisor)
{
    return supervisor->connection_count >= supervisor->max_connections;
}

/* An error that came with one connection, which is gone with it (accept(2),
 * "Error handling"); after any other the same would come again at once. */
static bool concerns_one(int error)
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

/* Takes up to `most` connections; returns false once nothing more is to be
 * had now. */
static bool accept_some(struct acceptor *listening, uint32_t max)
{
    struct supervisor *supervisor = listening->supervisor;

    while (max-- > 0) {
        struct sockaddr_storage peer;
        int fd;

        if (is_full(supervisor)) {
            pause_because(supervisor, "max-connections is reached");
            return false;
        }
        fd = listener_accept(listening->fd, &peer);
        if (fd >= 0 || errno == EAGAIN)
            supervisor->accept_failures = 0;
        if (fd >= 0) {
            connections_adopt(supervisor, fd, listening->is_tcp, &peer);
            continue;
        }
        if (errno == EAGAIN)
            return false;
        if (!concerns_one(errno)) {
            pause_after_error(supervisor, errno);
            return false;
        }
    }
    return true;
}

static void on_connection(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct acceptor *listening = watcher->data;

    (void)loop;
    if (rewatch_refused(listening->supervisor, revents))
        return;
    accept_some(listening, ACCEPTS_A_TURN);
}

/* ---- Open and closed ---- */

static void accept_again(struct supervisor *supervisor)
{
    if (supervisor->accepting)
        return;
    supervisor->accepting = true;
    ev_timer_stop(supervisor->loop, &supervisor->accept_timer);
    for (uint32_t i = 0; i < supervisor->acceptor_count; i++) {
        struct acceptor *listening = &supervisor->acceptors[i];

        ev_io_init(&listening->watcher, on_connection, listening->fd, EV_READ);
        listening->watcher.data = listening;
        ev_io_start(supervisor->loop, &listening->watcher);
    }
}

static void on_pause_over(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    accept_again(timer->data);
}

void acceptor_start(struct supervisor *supervisor)
{
    ev_init(&supervisor->accept_timer, on_pause_over);
    supervisor->accept_timer.data = supervisor;
    if (accepts(supervisor))
        accept_again(supervisor);
}

void acceptor_make_room(struct supervisor *supervisor)
{
    if (supervisor->connection_count < supervisor->max_connections / 10 * 9)
        supervisor->pause_logged = false;
    if (!supervisor->accepting && supervisor->stage == STAGE_SERVING &&
        !ev_is_active(&supervisor->accept_timer))
        accept_again(supervisor);
}

/* Closing a listener resets what waits in its backlog, so one failure does not
 * end this. */
static void accept_rest(struct acceptor *listening)
{
    const struct supervisor *supervisor = listening->supervisor;
    int tries = 0;

    do
        accept_some(listening, supervisor->max_connections);
    while (supervisor->accept_failures > 0 && ++tries < LAST_TRIES_MAX);
}

void acceptor_close(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->acceptor_count; i++) {
        struct acceptor *listening = &supervisor->acceptors[i];

        if (accepts(supervisor))
            accept_rest(listening);
        ev_io_stop(supervisor->loop, &listening->watcher);
        listener_close(listening->fd);
    }
    worker_listeners_close(supervisor);
    ev_timer_stop(supervisor->loop, &supervisor->accept_timer);
    supervisor->accepting = false;
    supervisor->acceptor_count = 0;
}
