/* SPDX-License-Identifier: MIT */
/* enter.c - see enter.h. */
#include "supervisor/connections/enter.h"
#include "supervisor/connections/connections.h"
#include "supervisor/connections/deadlines.h"
#include "supervisor/connections/departures.h"
#include "supervisor/connections/fairness.h"
#include "supervisor/pool/rewatch.h"
#include "worker/clock.h"
#include "worker/protocol/kernel_queue.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

/* How much input of a lingering connection one turn of the loop discards. */
#define DISCARD_BYTES (64U << 10)

/* ---- Events ---- */

static void on_client_event(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct held_connection *held = (struct held_connection *)watcher;
    struct supervisor *supervisor = watcher->data;

    (void)loop;
    if (rewatch_refused(supervisor, revents))
        return;
    /* Readable without data: the client closed between two requests. */
    if (held->state == CONNECTION_IDLE && kernel_queue_is_empty(held->fd))
        connections_drop(supervisor, held, END_CLOSED);
    else
        connections_queue(supervisor, held);
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
        connections_release(watcher->data, held);
}

static void watch(struct supervisor *supervisor, struct held_connection *held,
                  int events, void (*callback)(struct ev_loop *, ev_io *, int))
{
    ev_io_init(&held->watcher, callback, held->fd, events);
    held->watcher.data = supervisor;
    ev_io_start(supervisor->loop, &held->watcher);
}

/* ---- Lists ---- */

static void enlist(struct supervisor *supervisor, struct held_connection *held)
{
    uint64_t now_us = clock_monotonic_us();

    deadline_list_add(&supervisor->connections->lists[held->state], held,
                      deadlines_of(supervisor, held, now_us), now_us);
    fairness_enlist(supervisor, held);
}

static void delist(struct supervisor *supervisor, struct held_connection *held,
                   enum connection_state state)
{
    fairness_unlist(supervisor, held, state);
    deadline_list_remove(&supervisor->connections->lists[state], held);
}

void connection_renew_deadline(struct supervisor *supervisor,
                               struct held_connection *held)
{
    delist(supervisor, held, held->state);
    enlist(supervisor, held);
}

/* ---- Steps ---- */

static void leave(struct supervisor *supervisor, struct held_connection *held,
                  enum connection_state state)
{
    if (!connection_state_has_deadline(state))
        return;
    ev_io_stop(supervisor->loop, &held->watcher);
    delist(supervisor, held, state);
    supervisor->connections->lingering -= state == CONNECTION_LINGERING;
}

static void arrive(struct supervisor *supervisor, struct held_connection *held)
{
    /* Time spent waiting for the client does not count as time in the queue. */
    if (connection_state_waits_for_client(held->state))
        held->queue_until_us = 0;
    if (connection_state_waits_for_worker(held->state))
        departures_expect(supervisor);
    if (connection_state_has_deadline(held->state))
        enlist(supervisor, held);
    if (held->state == CONNECTION_STALLED) {
        held->saved_request->unacked_bytes = kernel_queue_unacked(held->fd);
        watch(supervisor, held, EV_WRITE, on_client_event);
    } else if (held->state == CONNECTION_LINGERING) {
        supervisor->connections->lingering++;
        watch(supervisor, held, EV_READ, on_linger);
    } else if (connection_state_is_watched(held->state)) {
        watch(supervisor, held, EV_READ, on_client_event);
    }
}

void connection_enter(struct supervisor *supervisor,
                      struct held_connection *held, enum connection_state next)
{
    enum connection_state before = held->state;

    if (!connection_state_step(&held->state, next))
        abort(); /* an error in the supervisor */
    leave(supervisor, held, before);
    arrive(supervisor, held);
}
