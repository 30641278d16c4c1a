/* SPDX-License-Identifier: MIT */
/* connections.c - see connections.h. */
#include "supervisor/connections/connections.h"
#include "supervisor/connections/acceptor.h"
#include "supervisor/connections/deadline_list.h"
#include "supervisor/connections/deadlines.h"
#include "supervisor/connections/departures.h"
#include "supervisor/connections/fairness.h"
#include "supervisor/pool/rewatch.h"
#include "worker/clock.h"
#include "worker/protocol/kernel_queue.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How much input of a lingering connection one turn of the loop discards. */
#define DISCARD_BYTES (64U << 10)

/* ---- The table ---- */

static struct held_connection *take_free(struct supervisor *supervisor)
{
    struct held_connection *held = supervisor->connections_free;

    if (held)
        supervisor->connections_free = held->next;
    else
        held = &supervisor->connections[supervisor->connections_used++];
    memset(held, 0, sizeof(*held));
    return held;
}

void connections_adopt(struct supervisor *supervisor, int fd, bool is_tcp,
                       const struct sockaddr_storage *peer)
{
    struct held_connection *held = take_free(supervisor);
    bool has_request = !kernel_queue_is_empty(fd);

    held->fd = fd;
    held->is_tcp = is_tcp;
    held->number = ++supervisor->last_number;
    supervisor->connection_count++;
    supervisor->totals.connections.accepted++;
    fairness_adopt(supervisor, held, peer);
    connections_wait(supervisor, held,
                     has_request ||
                             supervisor->options->handoff == HANDOFF_CONNECTION
                         ? LIST_QUEUE
                         : LIST_IDLE);
}

void connections_forget_saved_request(struct supervisor *supervisor,
                                      struct held_connection *held)
{
    if (!held->saved_request)
        return;
    supervisor->saved_bytes -= held->saved_request->unsent_bytes;
    free(held->saved_request);
    held->saved_request = NULL;
}

void connections_bound_saved_requests(struct supervisor *supervisor)
{
    struct deadline_list *stalled = &supervisor->lists[LIST_STALLED];

    while (supervisor->saved_bytes > supervisor->response_memory &&
           stalled->head) {
        supervisor->totals.dropped_for_memory++;
        connections_drop(supervisor, stalled->head, END_CLIENT_GONE);
    }
}

static void forget(struct supervisor *supervisor, struct held_connection *held)
{
    connections_forget_saved_request(supervisor, held);
    held->place = PLACE_FREE;
    held->next = supervisor->connections_free;
    supervisor->connections_free = held;
    supervisor->connection_count--;
    acceptor_make_room(supervisor);
}

/* ---- Waiting ---- */

static void enlist(struct supervisor *supervisor, struct held_connection *held,
                   enum list_kind kind)
{
    uint64_t now_us = clock_monotonic_us();

    deadline_list_add(&supervisor->lists[kind], held,
                      deadlines_of(supervisor, held, kind, now_us), now_us);
    fairness_enlist(supervisor, held);
}

static void delist(struct supervisor *supervisor, struct held_connection *held)
{
    fairness_unlist(supervisor, held);
    deadline_list_remove(held);
}

void connections_wait_on(struct supervisor *supervisor,
                         struct held_connection *held)
{
    enum list_kind kind = (enum list_kind)(held->list - supervisor->lists);

    delist(supervisor, held);
    enlist(supervisor, held, kind);
}

void connections_unlist(struct supervisor *supervisor,
                        struct held_connection *held)
{
    ev_io_stop(supervisor->loop, &held->watcher);
    delist(supervisor, held);
}

void connections_requeue(struct supervisor *supervisor,
                         struct held_connection *held)
{
    connections_unlist(supervisor, held);
    connections_queue(supervisor, held);
}

static void on_client_event(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct held_connection *held = (struct held_connection *)watcher;
    struct supervisor *supervisor = watcher->data;
    bool idle = held->list == &supervisor->lists[LIST_IDLE];

    (void)loop;
    if (rewatch_refused(supervisor, revents))
        return;
    /* Readable without data: the client closed between two requests. */
    if (idle && kernel_queue_is_empty(held->fd)) {
        connections_drop(supervisor, held, END_CLOSED);
        return;
    }
    connections_requeue(supervisor, held);
}

static void watch(struct supervisor *supervisor, struct held_connection *held,
                  int events, void (*callback)(struct ev_loop *, ev_io *, int))
{
    ev_io_init(&held->watcher, callback, held->fd, events);
    held->watcher.data = supervisor;
    ev_io_start(supervisor->loop, &held->watcher);
}

/* Is the client slow in sending its request or in reading its response?  Slow
 * clients get a list of their own, so that many of them do not delay others. */
static bool is_slow(const struct held_connection *held)
{
    return held->refusal == 408 ||
           (held->saved_request &&
            record_load(&held->saved_request->record).state ==
                RECORD_COMMITTED);
}

void connections_queue(struct supervisor *supervisor,
                       struct held_connection *held)
{
    enum list_kind kind = is_slow(held) ? LIST_LATER : LIST_QUEUE;

    connections_wait(supervisor, held,
                     held->needs_empty_worker ? LIST_EMPTY_WORKER : kind);
}

void connections_wait(struct supervisor *supervisor,
                      struct held_connection *held, enum list_kind kind)
{
    /* Time spent waiting for the client does not count as time in the queue. */
    if (kind < LIST_EMPTY_WORKER)
        held->queue_until_us = 0;
    enlist(supervisor, held, kind);
    switch (kind) {
    case LIST_IDLE:
    case LIST_PARTIAL:
        held->place = PLACE_WAITING;
        watch(supervisor, held, EV_READ, on_client_event);
        break;
    case LIST_STALLED:
        held->place = PLACE_WAITING;
        held->saved_request->unacked_bytes = kernel_queue_unacked(held->fd);
        watch(supervisor, held, EV_WRITE, on_client_event);
        break;
    case LIST_TRICKLE:
        held->place = PLACE_WAITING;
        break;
    case LIST_EMPTY_WORKER:
    case LIST_URGENT:
    case LIST_QUEUE:
    case LIST_LATER:
        held->place = PLACE_QUEUED;
        departures_expect(supervisor);
        break;
    case LIST_LINGER:
    case LISTS:
        break;
    }
}

/* ---- Ending ---- */

static void count_end(struct supervisor *supervisor,
                      struct held_connection *held, enum connection_end end)
{
    struct totals *totals = &supervisor->totals;
    bool in_progress = held->in_progress;

    held->in_progress = false;
    switch (end) {
    case END_CLOSED:
        totals->connections.closed++;
        totals->requests.lost += in_progress;
        break;
    case END_CLIENT_GONE:
        totals->connections.client_gone++;
        totals->requests.client_gone += in_progress;
        break;
    case END_REFUSED:
        totals->connections.refused++;
        totals->requests.refused += in_progress;
        break;
    case END_LOST:
        totals->connections.lost++;
        totals->requests.lost += in_progress;
        break;
    }
}

void connections_end(int fd)
{
    shutdown(fd, SHUT_RDWR);
    close(fd);
}

static void close_now(struct supervisor *supervisor,
                      struct held_connection *held)
{
    connections_unlist(supervisor, held);
    if (held->fd >= 0)
        connections_end(held->fd);
    held->fd = -1;
    forget(supervisor, held);
}

void connections_drop(struct supervisor *supervisor,
                      struct held_connection *held, enum connection_end end)
{
    count_end(supervisor, held, end);
    close_now(supervisor, held);
}

void connections_end_linger(struct supervisor *supervisor,
                            struct held_connection *held)
{
    supervisor->lingering--;
    close_now(supervisor, held);
}

static void on_linger(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct held_connection *held = (struct held_connection *)watcher;
    static char scratch[DISCARD_BYTES];
    ssize_t discarded;

    (void)loop;
    if (rewatch_refused(watcher->data, revents))
        return;
    discarded = recv(held->fd, scratch, sizeof(scratch), MSG_DONTWAIT);
    if (discarded == 0 || (discarded < 0 && errno != EAGAIN && errno != EINTR))
        connections_end_linger(watcher->data, held);
}

void connections_linger(struct supervisor *supervisor,
                        struct held_connection *held, enum connection_end end)
{
    int one = 1;

    count_end(supervisor, held, end);
    connections_unlist(supervisor, held);
    connections_forget_saved_request(supervisor, held);
    shutdown(held->fd, SHUT_WR);
    setsockopt(held->fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof(one));
    held->place = PLACE_LINGERING;
    supervisor->lingering++;
    enlist(supervisor, held, LIST_LINGER);
    watch(supervisor, held, EV_READ, on_linger);
}
