/* listener.c - socket, bind, listen, accept. */
#include "supervisor/system/listener.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The kernel cuts it to net.core.somaxconn. */
#define BACKLOG 65535

/* What isn't read closes the window, so the buffer has to hold a whole largest
 * request; the kernel keeps half of it for its own bookkeeping (tcp(7),
 * tcp_adv_win_scale) and small segments cost more than their bytes. */
static void size_queue(int fd, size_t bytes)
{
    int size = (int)(2 * bytes);

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static int set_up(int fd, const struct address *address, size_t queue_bytes)
{
    int on = 1;

    if (address->socket.ss_family != AF_UNIX &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
        return -1;
    if (address->socket.ss_family == AF_INET6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0)
        return -1;
    size_queue(fd, queue_bytes);
    if (bind(fd, (const struct sockaddr *)&address->socket, address->length) <
        0)
        return -1;
    return listen(fd, BACKLOG);
}

int listener_open(const struct address *address, size_t queue_bytes)
{
    int fd = socket(address->socket.ss_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (set_up(fd, address, queue_bytes) < 0) {
        int error = errno;

        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

void listener_name(int listener, char host[LISTENER_NAME_BYTES], unsigned *port)
{
    union {
        struct sockaddr_storage any;
        struct sockaddr plain;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un local;
    } name = { .any = { .ss_family = AF_UNSPEC } };
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

int listener_accept(int listener)
{
    int on = 1;
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    /* Answers are written whole, so there is nothing for Nagle to gather. */
    if (fd >= 0)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}
