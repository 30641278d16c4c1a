/* SPDX-License-Identifier: MIT */
/* fetch.c - see fetch.h. */
#include "tests/bench/fetch.h"
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct sockaddr_in address_of(uint32_t host, uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };

    address.sin_addr.s_addr = htonl(host);
    address.sin_port = htons(port);
    return address;
}

int fetch_connect(uint16_t port, uint32_t source)
{
    struct timeval timeout = { .tv_sec = 5 };
    struct sockaddr_in from = address_of(source, 0);
    struct sockaddr_in to = address_of(INADDR_LOOPBACK, port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int late = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    /* connect() chooses the port, which must be free only for this
     * destination. */
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof late);
    if ((source == INADDR_ANY ||
         bind(fd, (struct sockaddr *)&from, sizeof from) == 0) &&
        connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    late = errno;
    close(fd);
    errno = late;
    return -1;
}

bool fetch_exchange(int fd, bool last, struct server_answer *answer)
{
    static const char once[] =
        "GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";
    static const char again[] = "GET / HTTP/1.1\r\nHost: bench\r\n\r\n";
    const char *request = last ? once : again;
    ssize_t length = (ssize_t)strlen(request);

    answer->received = 0;
    answer->head_bytes = 0;
    return send(fd, request, (size_t)length, MSG_NOSIGNAL) == length &&
           answer_receive(fd, answer) == ANSWER_WHOLE;
}

bool fetch_page(uint16_t port, struct server_answer *answer)
{
    int fd = fetch_connect(port, INADDR_ANY);
    bool whole = fd >= 0 && fetch_exchange(fd, true, answer);

    if (fd >= 0)
        close(fd);
    return whole;
}
