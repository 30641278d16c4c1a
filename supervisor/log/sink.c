/* sink.c - each kind of file has its own way not to wait. */
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

static bool is_same_terminal(int one, int other)
{
    unsigned device, other_device;

    return ioctl(one, TIOCGDEV, &device) == 0 &&
           ioctl(other, TIOCGDEV, &other_device) == 0 && device == other_device;
}

/* After su(1) a terminal is still somebody else's, who alone may open it by its
 * name; but whose session it controls may use /dev/tty. */
static int open_own_terminal(int fd)
{
    int own = open("/dev/tty", FLAGS | O_NONBLOCK);

    if (own >= 0 && !is_same_terminal(own, fd)) {
        close(own);
        own = -1;
    }
    return own;
}

/* The same file as `fd`, opened again so that its flags are ours alone. */
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

/* Standard error, as it is or opened again. */
static void open_shared(struct sink *sink, mode_t mode)
{
    int own = open_again(sink->fd, mode);

    sink->kind = S_ISSOCK(mode) ? SINK_SOCKET : SINK_LOOK_FIRST;
    if (own >= 0)
        *sink = (struct sink){ own, true, SINK_AT_ONCE };
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
    /* Not before: a FIFO is opened once it has a reader. */
    fcntl(sink->fd, F_SETFL, O_APPEND | O_NONBLOCK);
    sink->kind = SINK_AT_ONCE;
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
    struct pollfd capacity = { .fd = sink->fd, .events = POLLOUT };

    poll(&capacity, 1, wait_ms);
}

/* POLLOUT on a pipe promises PIPE_BUF bytes without waiting (pipe(7)). */
static ssize_t look_and_put(const struct sink *sink, const char *bytes,
                            size_t count)
{
    struct pollfd capacity = { .fd = sink->fd, .events = POLLOUT };

    if (poll(&capacity, 1, 0) == 1 &&
        capacity.revents & (POLLOUT | POLLERR | POLLHUP | POLLNVAL))
        return write(sink->fd, bytes, count);
    errno = EAGAIN;
    return -1;
}

ssize_t sink_put(const struct sink *sink, const char *bytes, size_t count)
{
    /* What others write to it comes between whole pieces alone. */
    size_t piece = count < PIPE_BUF ? count : PIPE_BUF;

    switch (sink->kind) {
    case SINK_FILE:
        return write(sink->fd, bytes, count);
    case SINK_AT_ONCE:
        return write(sink->fd, bytes, piece);
    case SINK_SOCKET:
        return send(sink->fd, bytes, piece, MSG_DONTWAIT | MSG_NOSIGNAL);
    case SINK_LOOK_FIRST:
        break;
    }
    return look_and_put(sink, bytes, piece);
}
