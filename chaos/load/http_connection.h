/* SPDX-License-Identifier: MIT */
/*
 * http_connection.h - one connection of the client, with one request at a time.
 *
 * Handles the socket and the outcome of each request.  Rates, queues and counts
 * belong to the client, which learns what happens by the functions for
 * connections in client_internal.h.  Never sends a request twice.
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
#include <sys/queue.h>
#include <sys/socket.h>

enum http_connection_state {
    HTTP_CONNECTION_QUEUED,     /* has only a request, no socket */
    HTTP_CONNECTION_CONNECTING, /* the first request waits for the handshake */
    HTTP_CONNECTION_IDLE,
    HTTP_CONNECTION_WAITING, /* for the first byte of a response */
    HTTP_CONNECTION_MIDDLE,
    HTTP_CONNECTION_CLOSING /* waits for the server to close, to detect an
                               unexpected second response */
};

struct client;
struct phase_stats;

/* One attempt of a request; a retry is another load_request. */
struct load_request {
    uint64_t number;        /* in its token; unique within the run */
    uint64_t first_us;      /* intended time of the first attempt, monotonic */
    uint64_t intended_us;   /* intended time of this attempt, monotonic */
    uint32_t tries;         /* number of earlier attempts */
    bool closes_connection; /* its own one, with Connection: close */
    const struct request_template *request_template;
    struct phase_stats *phase_stats; /* for the client; not used here */
};

struct http_connection {
    struct client *client;
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
    uint64_t since_us;           /* start of IDLE or CLOSING; the client's */
    struct response_check answer;
    ev_io watcher;
    struct http_connection_list *list; /* of the client, or NULL */
    TAILQ_ENTRY(http_connection) link; /* in that list */
};

struct http_connection_list {
    TAILQ_HEAD(connections, http_connection) all; /* oldest in the list first */
    uint32_t count;
};

/* Opens a QUEUED connection and sends its request.  If this machine has no more
 * descriptors or ports, the outcome is OUTCOME_NOT_SENT; that or a refusal by
 * the server may free the connection before this returns. */
void http_connection_open(struct http_connection *connection);

/* Sends a request on an IDLE connection. */
void http_connection_ask(struct http_connection *connection,
                         const struct load_request *request);

/* Closes the connection.  A current request ends with the timeout outcome of
 * its state; of QUEUED, it was not sent. */
void http_connection_expire(struct http_connection *connection);

/* Closes the connection; the client frees it (client_connection_gone). */
void http_connection_drop(struct http_connection *connection);

/* Whether a connection to `address` succeeds now.  Blocks for at most a second
 * and closes the connection. */
bool http_connection_possible(const struct url *address);

#endif
