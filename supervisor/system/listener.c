/* listener.c - socket, bind, listen, accept. */
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

/* The kernel cuts it to net.core.somaxconn. */
#define BACKLOG 65535

/* What isn't read closes the window, so the buffer has to hold a whole largest
 * request; the kernel keeps half of it for its own bookkeeping (tcp(7),
 * tcp_adv_win_scale) and small segments cost more than their bytes. */
static int size_queue(int fd, size_t bytes)
{
    int size = (int)(2 * bytes), got = 0;
    socklen_t length = sizeof(got);

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0)
        return -1;
    /* Without privileges it is cut to net.core.rmem_max, silently.  The kernel
     * tells twice what it took, of which half is to hold the bytes. */
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

    /* What a Unix socket holds is its sender's affair (unix(7)). */
    if (family != AF_UNIX && size_queue(fd, queue_bytes) < 0)
        return -1;
    /* Accepted connections inherit it all.  An urgent byte is counted like any
     * other only inline.  Answers are written whole, so there is nothing for
     * Nagle to gather. */
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

/* Is the file a socket on which nobody listens?  Only a connect tells; but it
 * says the same of a file that is no socket. */
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

/* Any socket's name. */
union name {
    struct sockaddr_storage any;
    struct sockaddr plain;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
};

/* ---- Several at one address ---- */

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

/* ---- What there is ---- */

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

    /* A Unix socket without a name sets less than this. */
    peer->ss_family = AF_UNSPEC;
    return accept4(listener, (struct sockaddr *)peer, &bytes,
                   SOCK_NONBLOCK | SOCK_CLOEXEC);
}
