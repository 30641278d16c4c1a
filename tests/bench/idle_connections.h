/*
 * idle_connections.h - keep-alive connections that are open and idle.
 */
#ifndef TESTS_BENCH_IDLE_CONNECTIONS_H
#define TESTS_BENCH_IDLE_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idle_connections {
    int *fds;
    size_t count;
};

/* Opens `count` connections; with `answered`, each has had one answer.  Returns
 * 0; or -1 with the reason printed.  Either way held_close() is to follow. */
int held_open(struct idle_connections *held, uint16_t port, size_t count,
              bool answered);

/* How many of them the server has closed or spoiled. */
size_t held_lost(const struct idle_connections *held);

void held_close(struct idle_connections *held);

#endif
