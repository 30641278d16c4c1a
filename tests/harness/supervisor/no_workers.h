/* SPDX-License-Identifier: MIT */
/*
 * no_workers.h - a supervisor without worker processes.
 *
 * It forks no process: the test holds the other ends of the channels, and
 * writes into the records like a worker.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_NO_WORKERS_H
#define TESTS_HARNESS_SUPERVISOR_NO_WORKERS_H

#include "supervisor/supervisor.h"
#include "tests/harness/supervisor/command_line.h"

#define NO_WORKERS_MAX 4

struct no_workers {
    struct typed typed;
    struct supervisor supervisor;
    int channels[NO_WORKERS_MAX]; /* ends of the workers, by child */
};

/* Opens a supervisor with `options` besides those that it needs, and marks each
 * child, at most NO_WORKERS_MAX, as an online worker. */
void no_workers_open(struct no_workers *no_workers, const char *options);

/* Closes all connections, and fails the test if the totals do not balance. */
void no_workers_close(struct no_workers *no_workers);

/* Hands off a connection over a Unix socket.  The supervisor must choose the
 * worker in `child`.  *peer becomes the end of the client. */
struct held_connection *no_workers_hand(struct no_workers *no_workers,
                                        uint32_t child, int *peer);

#endif
