/* SPDX-License-Identifier: MIT */
/*
 * no_workers.h - a supervisor whose workers are the test itself.
 *
 * Nobody is forked: the test has the other ends of the channels, and writes
 * into the records what a worker might have left there.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_NO_WORKERS_H
#define TESTS_HARNESS_SUPERVISOR_NO_WORKERS_H

#include "supervisor/supervisor.h"
#include "tests/harness/supervisor/command_line.h"

#define NO_WORKERS_MAX 4

struct no_workers {
    struct typed typed;
    struct supervisor supervisor;
    int channels[NO_WORKERS_MAX]; /* the workers' ends, by child */
};

/* Opens it with `options` besides those that it needs, and makes each of its
 * places, which are NO_WORKERS_MAX at most, look as if a worker were online
 * there. */
void no_workers_open(struct no_workers *no_workers, const char *options);

/* The totals add up once every connection has been closed, as is done here. */
void no_workers_close(struct no_workers *no_workers);

/* A connection over a Unix socket, handed to the worker in `child`, which must
 * be the one that is chosen; *peer becomes the client's end. */
struct held_connection *no_workers_hand(struct no_workers *no_workers,
                                        uint32_t child, int *peer);

#endif
