/* SPDX-License-Identifier: MIT */
/* departures.c - see departures.h. */
#include "supervisor/connections/departures.h"
#include "supervisor/connections/connections.h"
#include "worker/protocol/kernel_queue.h"

/* Interval of checks of all waiting connections; checking 10,000 of them takes
 * a few milliseconds. */
#define CHECK_PERIOD_S 0.25

bool departures_close(struct supervisor *supervisor,
                      struct held_connection *held)
{
    bool has_request;

    if (!kernel_queue_is_dead(held->fd))
        return false;
    has_request = held->request_in_progress || !kernel_queue_is_empty(held->fd);
    connections_drop(supervisor, held,
                     has_request ? END_CLIENT_GONE : END_CLOSED);
    return true;
}

static void close_dead(struct supervisor *supervisor,
                       enum connection_state state)
{
    struct held_connection *next;

    for (struct held_connection *held =
             supervisor->connections->lists[state].head;
         held; held = next) {
        next = held->next;
        departures_close(supervisor, held);
    }
}

static void on_check(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct supervisor *supervisor = timer->data;

    (void)loop;
    (void)revents;
    for (enum connection_state state = CONNECTION_EMPTY_WORKER;
         state <= CONNECTION_LATER; state++) {
        close_dead(supervisor, state);
        if (supervisor->connections->lists[state].head)
            departures_expect(supervisor);
    }
}

void departures_expect(struct supervisor *supervisor)
{
    if (ev_is_active(&supervisor->connections->departure_timer))
        return;
    ev_timer_set(&supervisor->connections->departure_timer, CHECK_PERIOD_S, 0);
    ev_timer_start(supervisor->loop, &supervisor->connections->departure_timer);
}

void departures_prepare(struct supervisor *supervisor)
{
    ev_init(&supervisor->connections->departure_timer, on_check);
    supervisor->connections->departure_timer.data = supervisor;
}
