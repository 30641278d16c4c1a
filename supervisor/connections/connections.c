/* SPDX-License-Identifier: MIT */
/* connections.c - see connections.h. */
#include "supervisor/connections/connections.h"
#include "supervisor/connections/acceptor.h"
#include "supervisor/connections/deadlines.h"
#include "supervisor/connections/fairness.h"
#include "supervisor/pool/rewatch.h"
#include "supervisor/system/memory.h"
#include "worker/clock.h"
#include "worker/protocol/kernel_queue.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- The table ---- */

int connections_open(struct supervisor *supervisor, uint32_t max)
{
    struct connections *connections = supervisor->connections;

    deadlines_set(supervisor);
    connections->max = max;
    connections->table = memory_private(max, sizeof(*connections->table));
    return connections->table ? 0 : -1;
}

void connections_close(struct supervisor *supervisor)
{
    struct connections *connections = supervisor->connections;

    for (uint32_t i = 0; i < connections->used; i++)
        if (connections->table[i].state != CONNECTION_FREE)
            connections_end(connections->table[i].fd);
    memory_free(connections->table);
}

void connections_rewatch(struct supervisor *supervisor)
{
    const struct connections *connections = supervisor->connections;

    for (uint32_t i = 0; i < connections->used; i++)
        if (connection_state_is_watched(connections->table[i].state))
            rewatch(supervisor, &connections->table[i].watcher);
}

static struct held_connection *take_free(struct connections *connections)
{
    struct held_connection *held = connections->free;

    if (held)
        connections->free = held->next;
    else
        held = &connections->table[connections->used++];
    memset(held, 0, sizeof(*held));
    return held;
}

void connections_adopt(struct supervisor *supervisor, int fd, bool is_tcp,
                       const struct sockaddr_storage *peer)
{
    struct held_connection *held = take_free(supervisor->connections);

    held->fd = fd;
    held->is_tcp = is_tcp;
    held->number = ++supervisor->connections->last_number;
    supervisor->connections->count++;
    supervisor->totals.connections.accepted++;
    fairness_adopt(supervisor, held, peer);
    connections_await_request(supervisor, held);
}

void connections_save_request(struct supervisor *supervisor,
                              struct held_connection *held,
                              struct saved_request *saved)
{
    held->saved_request = saved;
    supervisor->connections->saved_bytes += saved->unsent_bytes;
}

void connections_forget_saved_request(struct supervisor *supervisor,
                                      struct held_connection *held)
{
    if (!held->saved_request)
        return;
    supervisor->connections->saved_bytes -= held->saved_request->unsent_bytes;
    free(held->saved_request);
    held->saved_request = NULL;
}

void connections_bound_saved_requests(struct supervisor *supervisor,
                                      uint64_t bytes_max)
{
    struct connections *connections = supervisor->connections;
    const struct deadline_list *stalled =
        &connections->lists[CONNECTION_STALLED];

    while (connections->saved_bytes > bytes_max && stalled->head) {
        supervisor->totals.dropped_for_memory++;
        connections_drop(supervisor, stalled->head, END_CLIENT_GONE);
    }
}

/* ---- Waiting ---- */

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
    if (held->needs_empty_worker)
        connection_enter(supervisor, held, CONNECTION_EMPTY_WORKER);
    else if (is_slow(held))
        connection_enter(supervisor, held, CONNECTION_LATER);
    else
        connection_enter(supervisor, held, CONNECTION_QUEUED);
}

void connections_await_request(struct supervisor *supervisor,
                               struct held_connection *held)
{
    held->queue_until_us = 0;
    if (supervisor->options->handoff == HANDOFF_CONNECTION ||
        !kernel_queue_is_empty(held->fd))
        connection_enter(supervisor, held, CONNECTION_QUEUED);
    else
        connection_enter(supervisor, held, CONNECTION_IDLE);
}

void connections_hand(struct supervisor *supervisor,
                      struct held_connection *held,
                      const struct assignment *assignment)
{
    connection_enter(supervisor, held, CONNECTION_HANDED);
    connections_forget_saved_request(supervisor, held);
    held->refusal = 0;
    held->handed_us = clock_monotonic_us();
    held->assignment = *assignment;
    if (supervisor->options->no_retain) {
        close(held->fd);
        held->fd = -1;
    }
}

void connections_reclaim(struct supervisor *supervisor,
                         struct held_connection *held)
{
    connection_enter(supervisor, held, CONNECTION_RECLAIMED);
    fairness_returned(supervisor, held);
}

/* ---- Ending ---- */

static void count_end(struct supervisor *supervisor,
                      struct held_connection *held, enum connection_end end)
{
    struct totals *totals = &supervisor->totals;
    bool in_progress = held->request_in_progress;

    held->request_in_progress = false;
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

void connections_release(struct supervisor *supervisor,
                         struct held_connection *held)
{
    connection_enter(supervisor, held, CONNECTION_FREE);
    if (held->fd >= 0)
        connections_end(held->fd);
    held->fd = -1;
    connections_forget_saved_request(supervisor, held);
    held->next = supervisor->connections->free;
    supervisor->connections->free = held;
    supervisor->connections->count--;
    acceptor_make_room(supervisor);
}

void connections_drop(struct supervisor *supervisor,
                      struct held_connection *held, enum connection_end end)
{
    count_end(supervisor, held, end);
    connections_release(supervisor, held);
}

void connections_linger(struct supervisor *supervisor,
                        struct held_connection *held, enum connection_end end)
{
    int one = 1;

    count_end(supervisor, held, end);
    connections_forget_saved_request(supervisor, held);
    shutdown(held->fd, SHUT_WR);
    setsockopt(held->fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof(one));
    connection_enter(supervisor, held, CONNECTION_LINGERING);
}
