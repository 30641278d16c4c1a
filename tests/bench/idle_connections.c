/* SPDX-License-Identifier: MIT */
/* idle_connections.c - see idle_connections.h. */
#include "tests/bench/idle_connections.h"
#include "tests/bench/fetch.h"
#include "tests/bench/interrupt.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Another address than that of the busy connections: with 10,000 ports in use,
 * each connect() would search for a free one. */
#define SOURCE_ADDRESS (INADDR_LOOPBACK + 1)

int idle_connections_open(struct idle_connections *idle, uint16_t port,
                          size_t count, bool answered)
{
    struct server_answer answer;

    idle->count = 0;
    idle->fds = calloc(count, sizeof *idle->fds);
    while (idle->fds && idle->count < count && !interrupt_pending()) {
        int fd = fetch_connect(port, SOURCE_ADDRESS);

        if (fd < 0)
            break;
        idle->fds[idle->count++] = fd;
        if (answered && !fetch_exchange(fd, false, &answer))
            break;
    }
    if (idle->count == count)
        return 0;
    if (!interrupt_pending())
        fprintf(stderr, "bench: cannot open connection %zu of %zu: %s\n",
                idle->count, count, strerror(errno));
    return -1;
}

size_t idle_connections_lost(const struct idle_connections *idle)
{
    size_t lost = 0;
    char byte;

    for (size_t i = 0; i < idle->count; i++) {
        ssize_t count = recv(idle->fds[i], &byte, 1, MSG_PEEK | MSG_DONTWAIT);

        lost += count >= 0 || errno != EAGAIN;
    }
    return lost;
}

void idle_connections_close(struct idle_connections *idle)
{
    for (size_t i = 0; i < idle->count; i++)
        close(idle->fds[i]);
    free(idle->fds);
    *idle = (struct idle_connections){ 0 };
}
