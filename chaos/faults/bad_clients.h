/* SPDX-License-Identifier: MIT */
/*
 * bad_clients.h - clients that misbehave, to test whether others are affected.
 *
 * Their own requests are not counted: the target may end them as it likes.  A
 * connection that ends is opened again within 0.1 s.
 */
#ifndef CHAOS_FAULTS_BAD_CLIENTS_H
#define CHAOS_FAULTS_BAD_CLIENTS_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum client_behaviour {
    CLIENT_SLOW,       /* sends an endless request, one byte at a time */
    CLIENT_SILENT,     /* connects and sends nothing */
    CLIENT_DEAF,       /* sends requests and reads no response */
    CLIENT_HALF_CLOSE, /* sends a request, shuts down writing, reads */
    CLIENT_ABORT,      /* sends a request and resets the connection */
    CLIENT_BEHAVIOURS
};

/* Names in experiment files; NULL-terminated. */
extern const char *const client_behaviour_names[CLIENT_BEHAVIOURS + 1];

struct bad_clients_options {
    enum client_behaviour behaviour;
    uint32_t connections;
    uint64_t from_us, until_us; /* since bad_clients_start; until_us 0: until
                                   bad_clients_end */
};

struct bad_clients;

/* Runs the clients against `address`, which is copied, from from_us to
 * until_us. Never returns NULL. */
struct bad_clients *
bad_clients_start(struct ev_loop *loop, const struct sockaddr *address,
                  socklen_t length, const struct bad_clients_options *options);

/* Closes all connections and frees `bad_clients`, which may be NULL. */
void bad_clients_end(struct bad_clients *bad_clients);

#endif
