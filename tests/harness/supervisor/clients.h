/* SPDX-License-Identifier: MIT */
/*
 * clients.h - clients that send requests repeatedly, each in its own thread,
 * while the test does something to the supervisor.
 *
 * The test supplies a function that sends a request and checks the response;
 * this function may fail the test.
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
    size_t asked;              /* requests so far */
    struct http_client client; /* connected */
    pthread_t thread;
};

struct clients {
    struct clients_member members[CLIENTS_MAX];
    unsigned count;
    void (*ask)(struct clients_member
                    *member); /* sends one request, receives its response */
    void *context;            /* for ask */
    atomic_size_t asked;      /* requests of all members so far */
    atomic_bool over;
};

/* Connects `count` members to a port and starts their threads. */
void clients_start(struct clients *clients, unsigned count, int port,
                   void (*ask)(struct clients_member *), void *context);

/* The same, to a Unix socket. */
void clients_start_unix(struct clients *clients, unsigned count,
                        const char *path, void (*ask)(struct clients_member *),
                        void *context);

/* Waits until `more` further requests are answered. */
void clients_await(struct clients *clients, size_t more);

/* Sends `kills` SIGKILLs, each to a random worker, with some responses between
 * them. */
void clients_suffer(struct clients *clients, struct supervised *supervised,
                    size_t kills);

/* Waits for the last responses, and disconnects. */
void clients_stop(struct clients *clients);

#endif
