/* SPDX-License-Identifier: MIT */
/* listener.c - see listener.h. */
#include "supervisor/system/listener.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The kernel limits it to net.core.somaxconn. */
#define BACKLOG 65535

/* Unread bytes reduce the TCP window, so the buffer must hold the largest
 * request.  Twice the size, because the kernel uses part of the buffer for
 * bookkeeping (tcp(7), tcp_adv_win_scale). */
static int size_queue(int fd, size_t bytes)
{
    int size = (int)(2 * bytes), got = 0;
    socklen_t length = sizeof(got);

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0)
        return -1;
    /* SO_RCVBUF is silently limited to net.core.rmem_max.  getsockopt(2)
     * returns twice the size that was set (socket(7)); half of that is for
     * data. */
    if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &got, &length) < 0)
        return -1;
    if (got >= size)
        return 0;
    errno = EMSGSIZE;
    return -1;
}

static int set_options(int fd, int family, size_t queue_bytes,
                       uint32_t send_bytes)
{
    int on = 1, send = (int)send_bytes;

    /* On a Unix socket the sender's buffer is the limit (unix(7)). */
    if (family != AF_UNIX && size_queue(fd, queue_bytes) < 0)
        return -1;
    /* Accepted connections inherit these options.  Without SO_OOBINLINE the
     * counts of received bytes would not include an urgent byte. */
    if (family != AF_UNIX &&
        setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)) < 0)
        return -1;
    if (family != AF_UNIX &&
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
        return -1;
    if (family != AF_UNIX && send > 0 &&
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send, sizeof(send)) < 0)
        return -1;
    if (family != AF_UNIX &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
        return -1;
    return family == AF_INET6
               ? setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on))
               : 0;
}

static const char *path_of(const struct address *address)
{
    return ((const struct sockaddr_un *)&address->socket)->sun_path;
}

static bool is_socket(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

/* Is the file a socket on which no process listens?  connect(2) also fails with
 * ECONNREFUSED if the file is not a socket. */
static bool is_stale(const struct address *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool stale;

    if (fd < 0)
        return false;
    stale = is_socket(path_of(address)) &&
            connect(fd, (const struct sockaddr *)&address->socket,
                    address->length) < 0 &&
            errno == ECONNREFUSED;
    close(fd);
    return stale;
}

static int bind_to(int fd, const struct address *address, unsigned mode)
{
    const struct sockaddr *plain = (const struct sockaddr *)&address->socket;

    if (address->socket.ss_family != AF_UNIX)
        return bind(fd, plain, address->length);
    if (bind(fd, plain, address->length) < 0) {
        if (errno != EADDRINUSE)
            return -1;
        if (!is_stale(address) || unlink(path_of(address)) < 0 ||
            bind(fd, plain, address->length) < 0) {
            errno = EADDRINUSE;
            return -1;
        }
    }
    return chmod(path_of(address), mode);
}

int listener_open(const struct address *address, size_t queue_bytes,
                  uint32_t send_bytes, unsigned mode)
{
    int fd = socket(address->socket.ss_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (set_options(fd, address->socket.ss_family, queue_bytes, send_bytes) <
            0 ||
        bind_to(fd, address, mode) < 0 || listen(fd, BACKLOG) < 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

union name {
    struct sockaddr_storage any;
    struct sockaddr plain;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
};

/* ---- SO_REUSEPORT ---- */

static int open_reusing(const struct address *address, size_t queue_bytes,
                        uint32_t send_bytes)
{
    int fd = socket(address->socket.ss_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;

    if (fd < 0)
        return -1;
    if (set_options(fd, address->socket.ss_family, queue_bytes, send_bytes) <
            0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) < 0 ||
        bind(fd, (const struct sockaddr *)&address->socket, address->length) <
            0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

int listener_reserve(const struct address *address)
{
    return open_reusing(address, 0, 0);
}

int listener_open_shared(int reservation, size_t queue_bytes,
                         uint32_t send_bytes)
{
    struct address address = { .length = sizeof(address.socket) };
    int fd;

    if (getsockname(reservation, (struct sockaddr *)&address.socket,
                    &address.length) < 0)
        return -1;
    fd = open_reusing(&address, queue_bytes, send_bytes);
    if (fd >= 0 && listen(fd, BACKLOG) < 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* ---- Open listeners ---- */

void listener_close(int listener)
{
    union name name = { .any = { .ss_family = AF_UNSPEC } };
    socklen_t bytes = sizeof(name);

    if (getsockname(listener, &name.plain, &bytes) == 0 &&
        name.any.ss_family == AF_UNIX && is_socket(name.local.sun_path))
        unlink(name.local.sun_path);
    close(listener);
}

void listener_name(int listener, char host[LISTENER_NAME_BYTES], unsigned *port)
{
    union name name = { .any = { .ss_family = AF_UNSPEC } };
    socklen_t bytes = sizeof(name);

    *port = 0;
    snprintf(host, LISTENER_NAME_BYTES, "?");
    if (getsockname(listener, &name.plain, &bytes) < 0)
        return;
    if (name.any.ss_family == AF_INET) {
        inet_ntop(AF_INET, &name.v4.sin_addr, host, LISTENER_NAME_BYTES);
        *port = ntohs(name.v4.sin_port);
    } else if (name.any.ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &name.v6.sin6_addr, host, LISTENER_NAME_BYTES);
        *port = ntohs(name.v6.sin6_port);
    } else {
        snprintf(host, LISTENER_NAME_BYTES, "unix:%s", name.local.sun_path);
    }
}

int listener_accept(int listener, struct sockaddr_storage *peer)
{
    socklen_t bytes = sizeof(*peer);

    peer->ss_family = AF_UNSPEC;
    return accept4(listener, (struct sockaddr *)peer, &bytes,
                   SOCK_NONBLOCK | SOCK_CLOEXEC);
}
