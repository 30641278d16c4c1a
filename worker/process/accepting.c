/* SPDX-License-Identifier: MIT */
/*
 * accepting.c - connections that the worker accepts itself.
 *
 * They are served like connections that were handed off, but no other process
 * holds them: they end with the worker, and the worker counts them.
 *
 * A worker accepts one connection per listener in one turn of the loop, to
 * leave others to the workers that were woken with it.  Like in Node's cluster
 * module, the listener is watched without EPOLLEXCLUSIVE: each connection wakes
 * all waiting workers, and the first one gets it.  EPOLLEXCLUSIVE
 * (epoll_ctl(2)) would avoid the useless wake-ups, but at low load it wakes the
 * same worker each time, which then gets all connections.
 */
#include "worker/process/internal.h"
#include "worker/protocol/kernel_queue.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

struct listener {
    struct watch watcher;
    int fd;
    bool exclusive, counted;
    struct worker *worker;
};

struct accepting {
    struct listener listeners[WORKER_LISTENERS_MAX];
    uint32_t count;
    uint32_t connections; /* open connections */
    uint32_t lingering;   /* lingering_close() in progress */
    uint32_t *free;       /* unused records below account.used */
    uint32_t free_count;
    bool stopped;
    bool draining;        /* accepting_stop() is accepting the rest */
    bool release_pending; /* accepting_turn() must release idle connections */
    uint32_t failures;    /* consecutive failures of accept4(2) for lack of
                             descriptors or memory */
    ev_timer pause;       /* after such a failure */
};

/* ---- Records ---- */

static bool is_full(const struct worker *worker)
{
    return worker->accepting->connections >= worker->arena.capacity;
}

static uint32_t take_record_index(struct worker *worker)
{
    struct accepting *accepting = worker->accepting;
    struct account *account = &worker->arena.head->account;

    accepting->connections++;
    if (accepting->free_count > 0)
        return accepting->free[--accepting->free_count];
    return atomic_fetch_add_explicit(&account->used, 1, memory_order_relaxed);
}

void accepting_carry(struct worker_connection *held)
{
    struct worker *worker = held->worker;

    account_carry(&worker->arena.head->account, worker->arena.records,
                  held->index);
    held->connection.progress =
        record_load(&worker->arena.records[held->index]);
}

/* ---- Accepting ---- */

static void set_watching(struct worker *worker, bool watching)
{
    struct accepting *accepting = worker->accepting;

    for (uint32_t i = 0; i < accepting->count; i++)
        watch_for(&accepting->listeners[i].watcher, watching ? EV_READ : 0);
}

static void watch_again(struct worker *worker)
{
    struct accepting *accepting = worker->accepting;

    if (!accepting->stopped && !ev_is_active(&accepting->pause))
        set_watching(worker, true);
}

static void on_pause_over(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    watch_again(timer->data);
}

static void pause_after_shortage(struct worker *worker)
{
    struct accepting *accepting = worker->accepting;

    set_watching(worker, false);
    ev_timer_set(&accepting->pause, watch_pause_s(++accepting->failures), 0);
    ev_timer_start(worker->loop, &accepting->pause);
}

static bool is_shortage(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS ||
           error == ENOMEM;
}

/* Returns whether another connection may be waiting. */
static bool accept_one(struct listener *listener)
{
    struct worker *worker = listener->worker;
    struct account *account = &worker->arena.head->account;
    uint32_t index;
    int fd;

    if (is_full(worker)) {
        set_watching(worker, false);
        return false;
    }
    fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && is_shortage(errno)) {
        pause_after_shortage(worker);
        return false;
    }
    worker->accepting->failures = 0;
    /* All other errors but EAGAIN concern one connection only (accept(2)). */
    if (fd < 0)
        return errno != EAGAIN;
    index = take_record_index(worker);
    /* In a fresh record the starts are 0, like the kernel's counts. */
    account_accept(account, &worker->arena.records[index],
                   listener->counted ? RECORD_KNOWN : 0);
    held_connections_accept(worker, index, fd);
    return true;
}

static void on_connection(void *owner)
{
    accept_one(owner);
}

static void begin(struct worker *worker)
{
    struct accepting *accepting = calloc(1, sizeof(*accepting));

    if (accepting)
        accepting->free =
            calloc(worker->arena.capacity, sizeof(*accepting->free));
    if (!accepting || !accepting->free)
        _exit(EX_OSERR);
    ev_init(&accepting->pause, on_pause_over);
    accepting->pause.data = worker;
    worker->accepting = accepting;
    worker->setting.keeps_connections = true;
}

void accepting_listen(struct worker *worker, int fd, bool exclusive,
                      bool counted)
{
    struct listener *listener;

    worker_loop(worker);
    if (!worker->accepting)
        begin(worker);
    if (worker->accepting->count == WORKER_LISTENERS_MAX)
        _exit(EX_PROTOCOL);
    if (worker->accepting->stopped) {
        close(fd);
        return;
    }
    listener = &worker->accepting->listeners[worker->accepting->count++];
    listener->fd = fd;
    listener->exclusive = exclusive;
    listener->counted = counted;
    listener->worker = worker;
    watch_init(&listener->watcher, worker, fd, on_connection, listener);
    watch_for(&listener->watcher, EV_READ);
}

/* ---- Stopping ---- */

/* Closing the last descriptor of a listener resets the connections that still
 * wait in it. */
static void accept_until_empty(struct listener *listener)
{
    uint32_t max = listener->worker->arena.capacity;

    while (max-- > 0 && accept_one(listener))
        continue;
}

void accepting_stop(struct worker *worker, bool drain_shared)
{
    struct accepting *accepting = worker->accepting;

    worker->setting.closes_after = true;
    accepting->release_pending = true;
    if (accepting->stopped)
        return;
    accepting->stopped = true;
    set_watching(worker, false);
    ev_timer_stop(worker->loop, &accepting->pause);
    accepting->draining = true;
    for (uint32_t i = 0; i < accepting->count; i++) {
        struct listener *listener = &accepting->listeners[i];

        if (drain_shared || listener->exclusive)
            accept_until_empty(listener);
        /* If the kernel refused to watch the descriptor, the watch would be
         * tried again, on a number that another descriptor may have by then. */
        watch_end(&listener->watcher);
        close(listener->fd);
    }
    accepting->draining = false;
    ev_timer_stop(worker->loop, &accepting->pause);
    exit_if_done(worker);
}

void accepting_turn(struct worker *worker)
{
    struct accepting *accepting = worker->accepting;

    if (!accepting->release_pending)
        return;
    accepting->release_pending = false;
    held_connections_release_idle(worker);
}

bool accepting_is_busy(const struct worker *worker)
{
    const struct accepting *accepting = worker->accepting;

    return accepting->draining || accepting->connections > 0 ||
           accepting->lingering > 0;
}

/* ---- Closing ---- */

/* Returns whether unread bytes are queued or may follow, as after a refused
 * request.  Closing with unread bytes would reset the connection, and the
 * client could lose the response. */
static bool may_still_send(int fd, const struct record *record)
{
    return record_load(record).refused > 0 || !kernel_queue_is_empty(fd);
}

void accepting_end(struct worker *worker, uint32_t index, int fd)
{
    struct accepting *accepting = worker->accepting;
    struct record *record = &worker->arena.records[index];
    bool lingers = may_still_send(fd, record);

    account_end(&worker->arena.head->account, worker->arena.records, index);
    accepting->free[accepting->free_count++] = index;
    if (is_full(worker))
        watch_again(worker);
    accepting->connections--;
    if (lingers) {
        lingering_close(worker, fd, &accepting->lingering);
    } else {
        /* Ends the connection even if another process has a duplicate. */
        shutdown(fd, SHUT_RDWR);
        close(fd);
    }
    exit_if_done(worker);
}
