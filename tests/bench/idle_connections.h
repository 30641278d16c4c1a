/* SPDX-License-Identifier: MIT */
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

/* Opens `count` connections; with `answered`, each gets one answer.  Returns 0,
 * or -1 with the reason printed.  Call idle_connections_close() in both cases.
 */
int idle_connections_open(struct idle_connections *idle, uint16_t port,
                          size_t count, bool answered);

/* The number of connections that were closed or have unexpected bytes. */
size_t idle_connections_lost(const struct idle_connections *idle);

void idle_connections_close(struct idle_connections *idle);

#endif
