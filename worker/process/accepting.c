/*
 * accepting.c - connections that the worker accepts itself.
 *
 * From there on they are served like those that are handed over, only that
 * nobody else holds them: they end with the worker, and it counts them.
 *
 * One connection is taken from a listener in one turn of the loop.  Whoever
 * took all that wait would leave nothing to the others that were woken for the
 * same listener.  The listener is watched without EPOLLEXCLUSIVE, as Node's
 * cluster does it: each connection wakes all workers that wait, and the first
 * to accept has it, so those that run first have max.  To wake one alone
 * (epoll_ctl(2)) would save the others that, and be less fair: at low load it
 * is always the same one, and has them all.
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
    bool alone, counted;
    struct worker *worker;
};

struct accepting {
    struct listener listeners[WORKER_LISTENERS_MAX];
    uint32_t count;
    uint32_t connections; /* that it has */
    uint32_t lingering;   /* that have ended, but for the close */
    uint32_t *free;       /* records below `used` that are in no use */
    uint32_t free_count;
    bool stopped;
    bool taking;       /* what waits in the listeners, now */
    bool to_let_go;    /* idle connections have not been let go yet */
    uint32_t failures; /* in a row, of accept4(2) for want of descriptors */
    ev_timer pause;    /* after one */
};

/* ---- Records ---- */

static bool is_full(const struct worker *worker)
{
    return worker->accepting->connections >= worker->arena.capacity;
}

static uint32_t take_record(struct worker *worker)
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

static void pause_a_while(struct worker *worker)
{
    struct accepting *accepting = worker->accepting;

    set_watching(worker, false);
    ev_timer_set(&accepting->pause, watch_pause_s(++accepting->failures), 0);
    ev_timer_start(worker->loop, &accepting->pause);
}

/* Does the system lack descriptors or memory? */
static bool is_lacking(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS ||
           error == ENOMEM;
}

/* Returns whether another one may be there. */
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
    if (fd < 0 && is_lacking(errno)) {
        pause_a_while(worker);
        return false;
    }
    worker->accepting->failures = 0;
    /* Any other error but EAGAIN concerns that connection alone, accept(2). */
    if (fd < 0)
        return errno != EAGAIN;
    index = take_record(worker);
    /* Its first request begins where the kernel's counts do, at 0. */
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
    worker->setting.keeps = true;
}

void accepting_listen(struct worker *worker, int fd, bool alone, bool counted)
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
    listener->alone = alone;
    listener->counted = counted;
    listener->worker = worker;
    watch_init(&listener->watcher, worker, fd, on_connection, listener);
    watch_for(&listener->watcher, EV_READ);
}

/* ---- No more ---- */

/* What waits in a listener is reset when its last descriptor is closed. */
static void take_rest(struct listener *listener)
{
    uint32_t max = listener->worker->arena.capacity;

    while (max-- > 0 && accept_one(listener))
        continue;
}

void accepting_stop(struct worker *worker, bool rest)
{
    struct accepting *accepting = worker->accepting;

    worker->setting.closes_after = true;
    accepting->to_let_go = true;
    if (accepting->stopped)
        return;
    accepting->stopped = true;
    set_watching(worker, false);
    ev_timer_stop(worker->loop, &accepting->pause);
    accepting->taking = true;
    for (uint32_t i = 0; i < accepting->count; i++) {
        struct listener *listener = &accepting->listeners[i];

        if (rest || listener->alone)
            take_rest(listener);
        /* If the kernel refused to watch it, it is still to be tried again. */
        watch_end(&listener->watcher);
        close(listener->fd);
    }
    accepting->taking = false;
    ev_timer_stop(worker->loop, &accepting->pause);
    exit_if_done(worker);
}

void accepting_turn(struct worker *worker)
{
    struct accepting *accepting = worker->accepting;

    if (!accepting->to_let_go)
        return;
    accepting->to_let_go = false;
    held_connections_release_idle(worker);
}

bool accepting_is_busy(const struct worker *worker)
{
    const struct accepting *accepting = worker->accepting;

    return accepting->taking || accepting->connections > 0 ||
           accepting->lingering > 0;
}

/* ---- The end of one ---- */

/* A close with unread bytes would reset what was answered away; and of what was
 * refused more may be on its way. */
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
        /* The client is told also if another process has a duplicate. */
        shutdown(fd, SHUT_RDWR);
        close(fd);
    }
    exit_if_done(worker);
}
