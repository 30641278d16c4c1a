/* SPDX-License-Identifier: MIT */
/* lingering.c - closes a connection whose client may still be sending. */
#include "worker/process/internal.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* The maximum time from the last response to the close. */
#define LINGER_S 2.0

/* Bytes that are discarded in one turn of the loop. */
#define DISCARD_BYTES (64U << 10)

struct lingering {
    struct watch io;
    ev_timer timer;
    int fd;
    struct worker *worker;
    uint32_t *count;
};

static void end(struct lingering *lingering)
{
    struct worker *worker = lingering->worker;

    watch_end(&lingering->io);
    ev_timer_stop(worker->loop, &lingering->timer);
    close(lingering->fd);
    --*lingering->count;
    free(lingering);
    exit_if_done(worker);
}

static void on_bytes(void *owner)
{
    struct lingering *lingering = owner;
    static char scratch[DISCARD_BYTES];
    ssize_t discarded =
        recv(lingering->fd, scratch, sizeof(scratch), MSG_DONTWAIT);

    if (discarded == 0 || (discarded < 0 && errno != EAGAIN && errno != EINTR))
        end(lingering);
}

static void on_late(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    end(timer->data);
}

void lingering_close(struct worker *worker, int fd, uint32_t *count)
{
    struct lingering *lingering = malloc(sizeof(*lingering));
    int one = 1;

    if (!lingering) {
        shutdown(fd, SHUT_RDWR);
        close(fd);
        return;
    }
    ++*count;
    lingering->fd = fd;
    lingering->worker = worker;
    lingering->count = count;
    shutdown(fd, SHUT_WR);
    setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof(one));
    watch_init(&lingering->io, worker, fd, on_bytes, lingering);
    ev_timer_init(&lingering->timer, on_late, LINGER_S, 0);
    lingering->timer.data = lingering;
    watch_for(&lingering->io, EV_READ);
    ev_timer_start(worker->loop, &lingering->timer);
}
