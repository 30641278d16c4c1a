/* connections.c - lists, watchers, and the ways a connection ends. */
#include "supervisor/connections.h"
#include "supervisor/system/clock.h"
#include "supervisor/system/listener.h"
#include "supervisor/wording.h"
#include "worker/kernel_queue.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Taken from the port in one turn, so that a flood leaves room for the rest. */
#define ACCEPTS_A_TURN 64

/* How long to leave the port alone after the system ran out of descriptors. */
#define ACCEPT_PAUSE_S 0.1

/* A client that goes on sending after its answer has this long to read it. */
#define LINGER_US (2 * UINT64_C(1000000))

/* What responses that clients are slow to read may take of our memory; beyond,
 * the client that has stalled longest goes. */
#define LEFTOVER_MOST_BYTES (256U << 20)

/* A request that comes byte by byte is looked at so seldom. */
#define TRICKLE_US 250000

/* Discarded of what it sends, in one turn. */
#define DISCARD_BYTES (64U << 10)

/* ---- The table ---- */

static struct held *take_free(struct supervisor *supervisor)
{
    struct held *held = supervisor->held_free;

    if (held)
        supervisor->held_free = held->next;
    else
        held = &supervisor->held[supervisor->held_used++];
    memset(held, 0, sizeof(*held));
    return held;
}

void connections_forget_leftover(struct supervisor *supervisor,
                                 struct held *held)
{
    if (!held->left)
        return;
    supervisor->leftover_bytes -= held->left->unsent_bytes;
    free(held->left);
    held->left = NULL;
}

static void forget(struct supervisor *supervisor, struct held *held)
{
    connections_forget_leftover(supervisor, held);
    held->place = PLACE_FREE;
    held->next = supervisor->held_free;
    supervisor->held_free = held;
    supervisor->held_count--;
    if (supervisor->held_count < supervisor->most_connections / 10 * 9)
        supervisor->pause_said = false;
    if (!supervisor->accepting && supervisor->stage == STAGE_SERVING &&
        !ev_is_active(&supervisor->accept_timer))
        connections_accept(supervisor);
}

/* ---- Lists ---- */

static void arm(struct held_list *list, uint64_t now_us)
{
    struct ev_loop *loop = list->supervisor->loop;
    uint64_t wait_us;

    if (!list->head || ev_is_active(&list->timer))
        return;
    wait_us =
        list->head->deadline_us > now_us ? list->head->deadline_us - now_us : 0;
    ev_timer_set(&list->timer, (double)wait_us / 1e6, 0);
    ev_timer_start(loop, &list->timer);
}

/* The timer runs to what was the first deadline; that one may have been met,
 * and then it only runs on to the next. */
static void on_list_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct held_list *list = timer->data;
    uint64_t now_us = clock_monotonic_us();

    (void)loop;
    (void)revents;
    while (list->head && list->head->deadline_us <= now_us)
        list->on_expired(list->supervisor, list->head);
    arm(list, now_us);
}

/* Behind all whose deadline is not later: nearly always at the end. */
static void insert(struct held_list *list, struct held *held)
{
    struct held *before = list->tail;

    while (before && before->deadline_us > held->deadline_us)
        before = before->prev;
    held->list = list;
    held->prev = before;
    held->next = before ? before->next : list->head;
    if (held->next)
        held->next->prev = held;
    else
        list->tail = held;
    if (before)
        before->next = held;
    else
        list->head = held;
}

/* Being handed over and coming back without an answer puts no deadline off. */
static uint64_t deadline_of(struct held *held, const struct held_list *list,
                            bool is_queue, uint64_t now_us)
{
    if (!is_queue)
        return now_us + list->timeout_us;
    if (held->queue_until_us == 0)
        held->queue_until_us = now_us + list->timeout_us;
    return held->queue_until_us;
}

static void enlist(struct supervisor *supervisor, struct held *held,
                   enum list_kind kind)
{
    struct held_list *list = &supervisor->lists[kind];
    uint64_t now_us = clock_monotonic_us();
    bool is_queue = kind >= LIST_ALONE && kind <= LIST_QUEUE;

    held->deadline_us = deadline_of(held, list, is_queue, now_us);
    insert(list, held);
    if (list->head == held)
        ev_timer_stop(supervisor->loop, &list->timer);
    arm(list, now_us);
}

void connections_unlist(struct supervisor *supervisor, struct held *held)
{
    struct held_list *list = held->list;

    ev_io_stop(supervisor->loop, &held->watcher);
    if (!list)
        return;
    if (held->prev)
        held->prev->next = held->next;
    else
        list->head = held->next;
    if (held->next)
        held->next->prev = held->prev;
    else
        list->tail = held->prev;
    held->list = NULL;
    held->next = held->prev = NULL;
    if (!list->head)
        ev_timer_stop(supervisor->loop, &list->timer);
}

/* ---- Waiting ---- */

static void on_waited(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct held *held = (struct held *)watcher;
    struct supervisor *supervisor = watcher->data;
    bool idle = held->list == &supervisor->lists[LIST_IDLE];

    (void)loop;
    (void)revents;
    /* Readable, and nothing to read: the client has closed between requests.
     * No worker is needed to tell. */
    if (idle && kernel_queue_unread(held->fd) == 0) {
        connections_drop(supervisor, held, END_CLOSED);
        return;
    }
    connections_unlist(supervisor, held);
    connections_queue(supervisor, held);
}

static void watch(struct supervisor *supervisor, struct held *held, int events,
                  void (*callback)(struct ev_loop *, ev_io *, int))
{
    ev_io_init(&held->watcher, callback, held->fd, events);
    held->watcher.data = supervisor;
    ev_io_start(supervisor->loop, &held->watcher);
}

void connections_queue(struct supervisor *supervisor, struct held *held)
{
    connections_wait(supervisor, held, held->alone ? LIST_ALONE : LIST_QUEUE);
}

void connections_wait(struct supervisor *supervisor, struct held *held,
                      enum list_kind kind)
{
    enlist(supervisor, held, kind);
    switch (kind) {
    case LIST_IDLE:
    case LIST_PARTIAL:
        held->place = PLACE_WAITING;
        watch(supervisor, held, EV_READ, on_waited);
        break;
    case LIST_STALLED:
        held->place = PLACE_WAITING;
        watch(supervisor, held, EV_WRITE, on_waited);
        break;
    case LIST_TRICKLE:
        held->place = PLACE_WAITING;
        break;
    case LIST_ALONE:
    case LIST_URGENT:
    case LIST_QUEUE:
        held->place = PLACE_QUEUED;
        break;
    case LIST_LINGER:
    case LISTS:
        break;
    }
}

/* ---- Ending ---- */

static void count_end(struct supervisor *supervisor, struct held *held,
                      enum held_end end)
{
    struct totals *totals = &supervisor->totals;
    bool in_hand = held->in_hand;

    held->in_hand = false;
    switch (end) {
    case END_CLOSED:
        totals->connections.closed++;
        totals->requests.lost += in_hand;
        break;
    case END_CLIENT_GONE:
        totals->connections.client_gone++;
        totals->requests.client_gone += in_hand;
        break;
    case END_REFUSED:
        totals->connections.refused++;
        totals->requests.refused += in_hand;
        break;
    case END_LOST:
        totals->connections.lost++;
        totals->requests.lost += in_hand;
        break;
    }
}

static void close_now(struct supervisor *supervisor, struct held *held)
{
    connections_unlist(supervisor, held);
    if (held->fd >= 0)
        close(held->fd);
    held->fd = -1;
    forget(supervisor, held);
}

void connections_drop(struct supervisor *supervisor, struct held *held,
                      enum held_end end)
{
    count_end(supervisor, held, end);
    close_now(supervisor, held);
}

static void end_linger(struct supervisor *supervisor, struct held *held)
{
    supervisor->lingering--;
    close_now(supervisor, held);
}

static void on_linger(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct held *held = (struct held *)watcher;
    static char dust[DISCARD_BYTES];
    ssize_t discarded = recv(held->fd, dust, sizeof(dust), MSG_DONTWAIT);

    (void)loop;
    (void)revents;
    if (discarded == 0 || (discarded < 0 && errno != EAGAIN && errno != EINTR))
        end_linger(watcher->data, held);
}

void connections_linger(struct supervisor *supervisor, struct held *held,
                        enum held_end end)
{
    int one = 1;

    count_end(supervisor, held, end);
    connections_unlist(supervisor, held);
    shutdown(held->fd, SHUT_WR);
    setsockopt(held->fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof(one));
    held->place = PLACE_LINGERING;
    supervisor->lingering++;
    enlist(supervisor, held, LIST_LINGER);
    watch(supervisor, held, EV_READ, on_linger);
}

/* ---- Deadlines ---- */

/* A request that came at the last moment still counts. */
static void on_idle_expired(struct supervisor *supervisor, struct held *held)
{
    if (kernel_queue_unread(held->fd) == 0) {
        connections_drop(supervisor, held, END_CLOSED);
        return;
    }
    connections_unlist(supervisor, held);
    connections_queue(supervisor, held);
}

/* The worker that gets it next says 408. */
static void on_partial_expired(struct supervisor *supervisor, struct held *held)
{
    held->refusal = 408;
    connections_unlist(supervisor, held);
    connections_queue(supervisor, held);
}

static void on_trickle_expired(struct supervisor *supervisor, struct held *held)
{
    connections_unlist(supervisor, held);
    connections_wait(supervisor, held, LIST_PARTIAL);
}

static void on_stalled_expired(struct supervisor *supervisor, struct held *held)
{
    connections_drop(supervisor, held, END_CLIENT_GONE);
}

/* The one answer the supervisor gives itself, because no worker is to be had;
 * the request stays unread. */
static void say_unavailable(struct supervisor *supervisor, struct held *held)
{
    char answer[256];
    int bytes =
        snprintf(answer, sizeof(answer),
                 "HTTP/1.1 503 Service Unavailable\r\n"
                 "Content-Type: text/plain; charset=utf-8\r\n"
                 "Content-Length: 43\r\n"
                 "Retry-After: %llu\r\n"
                 "Connection: close\r\n\r\n"
                 "503 Service Unavailable: no worker is free\n",
                 (unsigned long long)(1 + supervisor->options->backoff.cap_us /
                                              1000000));

    /* An empty send queue takes so few bytes whole. */
    if (send(held->fd, answer, (size_t)bytes, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        connections_drop(supervisor, held, END_CLIENT_GONE);
    else
        connections_linger(supervisor, held, END_REFUSED);
}

/* All of the answer is sent; only its request was still to be taken out. */
static bool is_answered(const struct held *held)
{
    return held->left && held->left->unsent_bytes == 0 &&
           record_load(&held->left->record).state == RECORD_COMMITTED;
}

static void end_answered(struct supervisor *supervisor, struct held *held)
{
    if (held->in_hand)
        supervisor->totals.requests.answered_after_retry++;
    held->in_hand = false;
    connections_linger(supervisor, held, END_CLOSED);
}

static bool has_response_bytes_out(const struct held *held)
{
    return held->left && held->left->offset > 0;
}

static void on_queue_expired(struct supervisor *supervisor, struct held *held)
{
    if (kernel_queue_unread(held->fd) == 0 && !held->left) {
        /* It has asked nothing, so it is owed nothing: let it wait on. */
        held->queue_until_us = 0;
        connections_unlist(supervisor, held);
        connections_wait(supervisor, held, LIST_QUEUE);
    } else if (is_answered(held)) {
        end_answered(supervisor, held);
    } else if (has_response_bytes_out(held)) {
        connections_drop(supervisor, held, END_LOST);
    } else {
        say_unavailable(supervisor, held);
    }
}

static void on_accept_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    connections_accept(timer->data);
}

void connections_bound_leftovers(struct supervisor *supervisor)
{
    struct held_list *stalled = &supervisor->lists[LIST_STALLED];

    while (supervisor->leftover_bytes > LEFTOVER_MOST_BYTES && stalled->head)
        connections_drop(supervisor, stalled->head, END_CLIENT_GONE);
}

void connections_start(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;
    struct held_list *lists = supervisor->lists;

    lists[LIST_IDLE].timeout_us = options->idle_timeout_us;
    lists[LIST_IDLE].on_expired = on_idle_expired;
    lists[LIST_PARTIAL].timeout_us = options->header_timeout_us;
    lists[LIST_PARTIAL].on_expired = on_partial_expired;
    lists[LIST_TRICKLE].timeout_us = TRICKLE_US;
    lists[LIST_TRICKLE].on_expired = on_trickle_expired;
    lists[LIST_STALLED].timeout_us = options->idle_timeout_us;
    lists[LIST_STALLED].on_expired = on_stalled_expired;
    for (enum list_kind kind = LIST_ALONE; kind <= LIST_QUEUE; kind++) {
        lists[kind].timeout_us = options->queue_timeout_us;
        lists[kind].on_expired = on_queue_expired;
    }
    lists[LIST_LINGER].timeout_us = LINGER_US;
    lists[LIST_LINGER].on_expired = end_linger;
    ev_init(&supervisor->accept_timer, on_accept_timer);
    supervisor->accept_timer.data = supervisor;
    for (enum list_kind kind = 0; kind < LISTS; kind++) {
        lists[kind].supervisor = supervisor;
        ev_init(&lists[kind].timer, on_list_timer);
        lists[kind].timer.data = &lists[kind];
    }
}

/* ---- The port ---- */

static void adopt(struct listening *listening, int fd)
{
    struct supervisor *supervisor = listening->supervisor;
    struct held *held = take_free(supervisor);
    bool asked = kernel_queue_unread(fd) > 0;

    held->fd = fd;
    held->is_tcp = held->known = listening->is_tcp;
    held->number = ++supervisor->last_number;
    supervisor->held_count++;
    supervisor->totals.connections.accepted++;
    connections_wait(supervisor, held,
                     asked || supervisor->options->hand_over ==
                                  HAND_OVER_CONNECTION
                         ? LIST_QUEUE
                         : LIST_IDLE);
}

/* What waits in the backlog goes on waiting.  Said once until there is room
 * again, not at each connection that comes and goes at the limit. */
static void pause_port(struct supervisor *supervisor, const char *why)
{
    if (!supervisor->pause_said)
        wording_port_paused(supervisor, why);
    supervisor->pause_said = true;
    connections_pause(supervisor);
}

static bool is_full(const struct supervisor *supervisor)
{
    return supervisor->held_count >= supervisor->most_connections;
}

/* Takes up to `most` connections; returns false once nothing more is to be
 * had now. */
static bool accept_some(struct listening *listening, uint32_t most)
{
    struct supervisor *supervisor = listening->supervisor;

    while (most-- > 0) {
        int fd;

        if (is_full(supervisor)) {
            pause_port(supervisor, "max-connections is reached");
            return false;
        }
        fd = listener_accept(listening->fd);
        if (fd >= 0) {
            adopt(listening, fd);
            continue;
        }
        if (errno == EAGAIN)
            return false;
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
            errno == ENOMEM) {
            pause_port(supervisor, strerror(errno));
            ev_timer_set(&supervisor->accept_timer, ACCEPT_PAUSE_S, 0);
            ev_timer_start(supervisor->loop, &supervisor->accept_timer);
            return false;
        }
    }
    return true;
}

static void on_connection(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct listening *listening = watcher->data;

    (void)loop;
    (void)revents;
    accept_some(listening, ACCEPTS_A_TURN);
}

void connections_accept(struct supervisor *supervisor)
{
    if (supervisor->accepting)
        return;
    supervisor->accepting = true;
    ev_timer_stop(supervisor->loop, &supervisor->accept_timer);
    for (uint32_t i = 0; i < supervisor->listening_count; i++) {
        struct listening *listening = &supervisor->listening[i];

        ev_io_init(&listening->watcher, on_connection, listening->fd, EV_READ);
        listening->watcher.data = listening;
        ev_io_start(supervisor->loop, &listening->watcher);
    }
}

void connections_pause(struct supervisor *supervisor)
{
    supervisor->accepting = false;
    for (uint32_t i = 0; i < supervisor->listening_count; i++)
        ev_io_stop(supervisor->loop, &supervisor->listening[i].watcher);
}

void connections_close_port(struct supervisor *supervisor)
{
    for (uint32_t i = 0; i < supervisor->listening_count; i++) {
        struct listening *listening = &supervisor->listening[i];

        /* Closing a listener resets what waits in its backlog. */
        accept_some(listening, supervisor->most_connections);
        ev_io_stop(supervisor->loop, &listening->watcher);
        listener_close(listening->fd);
    }
    ev_timer_stop(supervisor->loop, &supervisor->accept_timer);
    supervisor->accepting = false;
    supervisor->listening_count = 0;
}

static void close_unasked(struct supervisor *supervisor, enum list_kind kind)
{
    struct held *next;

    for (struct held *held = supervisor->lists[kind].head; held; held = next) {
        next = held->next;
        if (kernel_queue_unread(held->fd) == 0 && !held->left)
            connections_drop(supervisor, held, END_CLOSED);
    }
}

void connections_close_idle(struct supervisor *supervisor)
{
    close_unasked(supervisor, LIST_IDLE);
    close_unasked(supervisor, LIST_QUEUE);
}

void connections_abandon_one(struct supervisor *supervisor, struct held *held)
{
    bool waits_for_worker =
        held->place == PLACE_QUEUED || held->place == PLACE_HANDED;

    if (is_answered(held))
        end_answered(supervisor, held);
    else if (waits_for_worker && !has_response_bytes_out(held) &&
             kernel_queue_unread(held->fd) > 0)
        say_unavailable(supervisor, held);
    else
        connections_drop(supervisor, held,
                         held->in_hand ? END_LOST : END_CLOSED);
}

void connections_abandon(struct supervisor *supervisor)
{
    for (enum list_kind kind = LIST_IDLE; kind < LIST_LINGER; kind++)
        while (supervisor->lists[kind].head)
            connections_abandon_one(supervisor, supervisor->lists[kind].head);
}
