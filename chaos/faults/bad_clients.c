/* bad_clients.c - see bad_clients.h. */
#include "chaos/faults/bad_clients.h"
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BEAT_S 0.1 /* each has something to do so often */

static const char question[] = "GET /?plague=1 HTTP/1.1\r\nHost: plague\r\n";

/* One of them; fd -1: to be opened at the next beat. */
struct pest {
    struct plague *plague;
    int fd;
    uint32_t sent; /* bytes, for PLAGUE_SLOW */
    ev_io watcher;
};

struct plague {
    struct ev_loop *loop;
    struct plague_options options;
    struct sockaddr_storage address;
    socklen_t address_length;
    ev_timer beat, over;
    struct pest *pests;
};

const char *const plague_manner_names[PLAGUE_MANNERS + 1] = {
    [PLAGUE_SLOW] = "slow",   [PLAGUE_SILENT] = "silent",
    [PLAGUE_DEAF] = "deaf",   [PLAGUE_HALF_CLOSE] = "half-close",
    [PLAGUE_ABORT] = "abort",
};

static void part(struct pest *pest)
{
    if (pest->fd < 0)
        return;
    ev_io_stop(pest->plague->loop, &pest->watcher);
    close(pest->fd);
    pest->fd = -1;
}

/* The deaf and the silent listen too: for the end of the connection alone. */
static void on_readable(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct pest *pest = watcher->data;
    bool deaf = pest->plague->options.manner == PLAGUE_DEAF;
    char bytes[4096];
    ssize_t count = recv(pest->fd, bytes, sizeof(bytes), deaf ? MSG_PEEK : 0);

    (void)revents;
    if (count > 0 && deaf)
        ev_io_stop(loop, watcher);
    else if (count == 0 || (count < 0 && errno != EAGAIN))
        part(pest);
}

static void meet(struct pest *pest)
{
    struct plague *plague = pest->plague;

    pest->fd = socket(plague->address.ss_family,
                      SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (pest->fd < 0)
        return;
    pest->sent = 0;
    if (connect(pest->fd, (const struct sockaddr *)&plague->address,
                plague->address_length) < 0 &&
        errno != EINPROGRESS) {
        close(pest->fd);
        pest->fd = -1;
        return;
    }
    ev_io_init(&pest->watcher, on_readable, pest->fd, EV_READ);
    pest->watcher.data = pest;
    ev_io_start(plague->loop, &pest->watcher);
}

static void say(struct pest *pest, const char *text, size_t length)
{
    if (send(pest->fd, text, length, MSG_NOSIGNAL) < 0 && errno != EAGAIN)
        part(pest);
}

static void ask(struct pest *pest)
{
    char whole[sizeof(question) + 2];

    strcpy(whole, question);
    strcat(whole, "\r\n");
    say(pest, whole, strlen(whole));
}

static void misbehave(struct pest *pest)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    switch (pest->plague->options.manner) {
    case PLAGUE_SLOW:
        say(pest, question + pest->sent % (sizeof(question) - 1), 1);
        pest->sent++;
        break;
    case PLAGUE_SILENT:
    case PLAGUE_MANNERS:
        break;
    case PLAGUE_DEAF:
        ask(pest);
        break;
    case PLAGUE_HALF_CLOSE:
        if (pest->sent++ == 0) {
            ask(pest);
            if (pest->fd >= 0)
                shutdown(pest->fd, SHUT_WR);
        }
        break;
    case PLAGUE_ABORT:
        ask(pest);
        if (pest->fd >= 0)
            setsockopt(pest->fd, SOL_SOCKET, SO_LINGER, &at_once,
                       sizeof(at_once));
        part(pest);
        break;
    }
}

static void on_beat(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct plague *plague = timer->data;

    (void)loop;
    (void)revents;
    for (uint32_t i = 0; i < plague->options.connections; i++) {
        if (plague->pests[i].fd < 0)
            meet(&plague->pests[i]);
        else
            misbehave(&plague->pests[i]);
    }
}

static void part_all(struct plague *plague)
{
    ev_timer_stop(plague->loop, &plague->beat);
    ev_timer_stop(plague->loop, &plague->over);
    for (uint32_t i = 0; i < plague->options.connections; i++)
        part(&plague->pests[i]);
}

static void on_over(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    part_all(timer->data);
}

struct plague *plague_start(struct ev_loop *loop,
                            const struct sockaddr *address, socklen_t length,
                            const struct plague_options *options)
{
    struct plague *plague = calloc(1, sizeof(*plague));

    if (!plague ||
        !(plague->pests = calloc(options->connections, sizeof(struct pest))))
        err(1, "cannot let %u clients loose", options->connections);
    plague->loop = loop;
    plague->options = *options;
    memcpy(&plague->address, address, length);
    plague->address_length = length;
    for (uint32_t i = 0; i < options->connections; i++)
        plague->pests[i] = (struct pest){ .plague = plague, .fd = -1 };
    ev_now_update(loop);
    ev_timer_init(&plague->beat, on_beat, (double)options->from_us / 1e6,
                  BEAT_S);
    ev_timer_init(&plague->over, on_over, (double)options->until_us / 1e6, 0);
    plague->beat.data = plague->over.data = plague;
    ev_timer_start(loop, &plague->beat);
    if (options->until_us > 0)
        ev_timer_start(loop, &plague->over);
    return plague;
}

void plague_end(struct plague *plague)
{
    if (!plague)
        return;
    part_all(plague);
    free(plague->pests);
    free(plague);
}
