/* SPDX-License-Identifier: MIT */
/* sink.c - non-blocking writes to each kind of file. */
#include "supervisor/log/sink.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLAGS (O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY)

/* ---- Opening ---- */

static bool is_same_terminal(int first, int second)
{
    unsigned first_device, second_device;

    return ioctl(first, TIOCGDEV, &first_device) == 0 &&
           ioctl(second, TIOCGDEV, &second_device) == 0 &&
           first_device == second_device;
}

/* After su(1) another user owns the terminal, and only that user may open it by
 * name; but every process of its session may open /dev/tty. */
static int open_own_terminal(int fd)
{
    int own = open("/dev/tty", FLAGS | O_NONBLOCK);

    if (own >= 0 && !is_same_terminal(own, fd)) {
        close(own);
        own = -1;
    }
    return own;
}

/* Opens the file of `fd` again, to get file status flags that are not shared.
 * Returns -1 if that is not possible. */
static int open_again(int fd, mode_t mode)
{
    char path[32];
    int own;

    if (!S_ISCHR(mode) && !S_ISFIFO(mode))
        return -1;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    own = open(path, FLAGS | O_NONBLOCK);
    return own < 0 && S_ISCHR(mode) ? open_own_terminal(fd) : own;
}

static void open_shared(struct sink *sink, mode_t mode)
{
    int own = open_again(sink->fd, mode);

    sink->kind = S_ISSOCK(mode) ? SINK_SOCKET : SINK_POLL;
    if (own >= 0)
        *sink = (struct sink){ own, true, SINK_NONBLOCK };
}

int sink_open(struct sink *sink, const char *path)
{
    struct stat status = { 0 };

    *sink = (struct sink){ .fd = STDERR_FILENO };
    if (path) {
        sink->fd = open(path, FLAGS | O_CREAT, 0644);
        sink->owned = true;
    }
    if (sink->fd < 0)
        return -1;
    fstat(sink->fd, &status);
    if (S_ISREG(status.st_mode))
        return 0;
    if (!path) {
        open_shared(sink, status.st_mode);
        return 0;
    }
    /* Not in open(2): O_NONBLOCK fails there if a FIFO has no reader yet. */
    fcntl(sink->fd, F_SETFL, O_APPEND | O_NONBLOCK);
    sink->kind = SINK_NONBLOCK;
    return 0;
}

void sink_close(struct sink *sink)
{
    if (sink->owned)
        close(sink->fd);
    *sink = (struct sink){ .fd = -1 };
}

/* ---- Writing ---- */

void sink_await(const struct sink *sink, int wait_ms)
{
    struct pollfd poll_fd = { .fd = sink->fd, .events = POLLOUT };

    poll(&poll_fd, 1, wait_ms);
}

/* If POLLOUT is set, a pipe takes PIPE_BUF bytes without blocking (pipe(7)). */
static ssize_t poll_and_write(const struct sink *sink, const char *bytes,
                              size_t count)
{
    struct pollfd poll_fd = { .fd = sink->fd, .events = POLLOUT };

    if (poll(&poll_fd, 1, 0) == 1 &&
        poll_fd.revents & (POLLOUT | POLLERR | POLLHUP | POLLNVAL))
        return write(sink->fd, bytes, count);
    errno = EAGAIN;
    return -1;
}

ssize_t sink_put(const struct sink *sink, const char *bytes, size_t count)
{
    /* Writes of at most PIPE_BUF bytes are atomic on a pipe (pipe(7)). */
    size_t piece = count < PIPE_BUF ? count : PIPE_BUF;

    switch (sink->kind) {
    case SINK_FILE:
        return write(sink->fd, bytes, count);
    case SINK_NONBLOCK:
        return write(sink->fd, bytes, piece);
    case SINK_SOCKET:
        return send(sink->fd, bytes, piece, MSG_DONTWAIT | MSG_NOSIGNAL);
    case SINK_POLL:
        break;
    }
    return poll_and_write(sink, bytes, piece);
}
