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

/* Not the address of the busy connections: 10,000 of its ports in use would
 * make each connect() search for a free one. */
#define HOLDER (INADDR_LOOPBACK + 1)

int held_open(struct idle_connections *held, uint16_t port, size_t count,
              bool answered)
{
    struct server_answer answer;

    held->count = 0;
    held->fds = calloc(count, sizeof *held->fds);
    while (held->fds && held->count < count && !interrupt_pending()) {
        int fd = fetch_connect(port, HOLDER);

        if (fd < 0)
            break;
        held->fds[held->count++] = fd;
        if (answered && !fetch_exchange(fd, false, &answer))
            break;
    }
    if (held->count == count)
        return 0;
    if (!interrupt_pending())
        fprintf(stderr, "bench: cannot hold connection %zu of %zu: %s\n",
                held->count, count, strerror(errno));
    return -1;
}

size_t held_lost(const struct idle_connections *held)
{
    size_t lost = 0;
    char byte;

    for (size_t i = 0; i < held->count; i++) {
        ssize_t count = recv(held->fds[i], &byte, 1, MSG_PEEK | MSG_DONTWAIT);

        lost += count >= 0 || errno != EAGAIN;
    }
    return lost;
}

void held_close(struct idle_connections *held)
{
    for (size_t i = 0; i < held->count; i++)
        close(held->fds[i]);
    free(held->fds);
    *held = (struct idle_connections){ 0 };
}
