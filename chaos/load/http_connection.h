/* SPDX-License-Identifier: MIT */
/*
 * http_connection.h - one connection of the client, with one request at a time.
 *
 * Handles the socket and the outcome of each request.  Rates, queues and counts
 * belong to the owner, which is notified through callbacks.  Never sends a
 * request twice.
 *
 *               connected            first bytes
 *   CONNECTING -----------> WAITING -------------> MIDDLE
 *                              ^                      |
 *                      request |                      | whole response
 *                              |                      |
 *                            IDLE <--- keep-alive ----+
 *                                                     |
 *   closed <-- server closes -- CLOSING <--- close ---'
 */
#ifndef CHAOS_LOAD_HTTP_CONNECTION_H
#define CHAOS_LOAD_HTTP_CONNECTION_H

#include "chaos/load/request_template.h"
#include "chaos/load/response_check.h"
#include "chaos/measure/outcomes.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum http_connection_state {
    HTTP_CONNECTION_CONNECTING, /* the first request waits for the handshake */
    HTTP_CONNECTION_IDLE,
    HTTP_CONNECTION_WAITING, /* for the first byte of a response */
    HTTP_CONNECTION_MIDDLE,
    HTTP_CONNECTION_CLOSING /* waits for the server to close, to detect an
                               unexpected second response */
};

struct phase_stats;

/* One attempt of a request; a retry is another load_request. */
struct load_request {
    uint64_t number;      /* in its token; unique within the run */
    uint64_t first_us;    /* intended time of the first attempt, monotonic */
    uint64_t intended_us; /* intended time of this attempt, monotonic */
    uint32_t tries;       /* number of earlier attempts */
    bool last;            /* uses its own connection, with Connection: close */
    const struct request_template *request_template;
    struct phase_stats *phase_stats; /* for the owner; not used here */
};

struct http_connection {
    const struct http_connection_owner *owner;
    enum http_connection_state state;
    int fd;
    bool reset;           /* a send failed with ECONNRESET; received bytes can
                             still be read */
    uint64_t sent;        /* bytes of the request, including its body */
    uint32_t part;        /* of a mixture, to which `answer` belongs */
    uint64_t known;       /* counter->known when that request was sent */
    ev_timer pause;       /* between two pieces of a slowly read response, or
                             before the last byte of an expected body */
    bool last_byte_due;   /* of that body */
    uint32_t answers;     /* whole responses received */
    enum outcome outcome; /* of the previous request, if there was one */
    struct load_request request; /* the current or the previous one */
    uint64_t since_us;           /* start of IDLE or CLOSING; the owner's */
    struct response_check answer;
    ev_io watcher;
    struct http_connection *previous, *next; /* in a list of the owner */
};

/* Shared by all connections of a client.  Callbacks must not free the
 * connection except in on_gone, after which it is not used again. */
struct http_connection_owner {
    struct ev_loop *loop;
    const struct sockaddr *address;
    socklen_t address_length;
    const struct response_expectation *check;
    struct mixture_counter *counter; /* of a mixture, else NULL */
    char *buffer;                    /* scratch memory for reading */
    size_t buffer_bytes;
    void *client;

    /* The current request has ended; the connection may stay open. */
    void (*on_outcome)(struct http_connection *http_connection,
                       enum outcome outcome);
    /* The connection is IDLE. */
    void (*on_idle)(struct http_connection *http_connection);
    /* The connection is CLOSING. */
    void (*on_closing)(struct http_connection *http_connection);
    /* Bytes arrived after the previous response, without a request. */
    void (*on_unexpected)(struct http_connection *http_connection);
    /* The connection is closed; the owner frees it. */
    void (*on_gone)(struct http_connection *http_connection);
};

/*
 * Opens a connection and sends `request` on it; a request that is `last` is the
 * only one of its connection.  `http_connection` is memory of the owner and may
 * already be in a list.
 * Returns 0, or -1 with errno if this machine has no more descriptors or ports;
 * then nothing is left open and no callback was called.  A refusal by the
 * server is reported by on_outcome, then on_gone, possibly before this returns.
 */
int http_connection_open(struct http_connection *http_connection,
                         const struct http_connection_owner *owner,
                         const struct load_request *request);

/* Sends a request on an IDLE connection. */
void http_connection_ask(struct http_connection *http_connection,
                         const struct load_request *request);

/* Closes the connection.  A current request ends with the timeout outcome of
 * its state. */
void http_connection_expire(struct http_connection *http_connection);

/* Closes the connection and calls only on_gone. */
void http_connection_drop(struct http_connection *http_connection);

/* Whether a connection to `address` succeeds now.  Blocks for at most a second
 * and closes the connection. */
bool http_connection_possible(const struct sockaddr *address, socklen_t length);

#endif
