/* SPDX-License-Identifier: MIT */
/*
 * clients.h - clients that ask again and again, each in a thread of its own,
 * while the test does something to the supervisor.
 *
 * What they ask and what they think of the answers is the test's affair; it
 * may fail from within a member.
 */
#ifndef TESTS_HARNESS_SUPERVISOR_CLIENTS_H
#define TESTS_HARNESS_SUPERVISOR_CLIENTS_H

#include "tests/harness/http/http_client.h"
#include "tests/harness/supervisor/supervised.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#define CLIENTS_MAX 32

struct clients_member {
    struct clients *clients;
    unsigned number;
    size_t asked;              /* so far: numbers its requests */
    struct http_client client; /* connected */
    pthread_t thread;
};

struct clients {
    struct clients_member members[CLIENTS_MAX];
    unsigned count;
    void (*ask)(
        struct clients_member *member); /* one request, and its answer */
    void *context;                      /* for ask */
    atomic_size_t asked;                /* by all of them */
    atomic_bool over;
};

/* Connects `count` members to a port and lets them ask. */
void clients_start(struct clients *clients, unsigned count, int port,
                   void (*ask)(struct clients_member *), void *context);

/* The same, to a Unix socket. */
void clients_start_unix(struct clients *clients, unsigned count,
                        const char *path, void (*ask)(struct clients_member *),
                        void *context);

/* Waits until `more` further requests were answered. */
void clients_await(struct clients *clients, size_t more);

/* Kills one worker, any, again and again, at the pace of the answers, until
 * `kills` were sent. */
void clients_suffer(struct clients *clients, struct supervised *supervised,
                    size_t kills);

/* Waits for the last answers, and disconnects. */
void clients_stop(struct clients *clients);

#endif
