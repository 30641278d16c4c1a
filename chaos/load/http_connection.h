/*
 * http_connection.h - one connection of the client, one request at a time on
 * it.
 *
 * Knows sockets and how a request on one can end; knows nothing of rates,
 * queues or counts: those are its owner's, who is told through callbacks.
 * Asks nothing twice: what fails, has failed.
 *
 *               connected          asked                  bytes
 *   CONNECTING ----------> IDLE ----------> WAITING -----------> MIDDLE
 *                           ^                                      |
 *                           '------------ whole answer ------------+
 *                                                                  |
 *   gone <-------- the server closes ------- PARTING <-- and the --'
 *                                                        last one
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
    HTTP_CONNECTION_CONNECTING, /* its first request waits for the handshake */
    HTTP_CONNECTION_IDLE,
    HTTP_CONNECTION_WAITING, /* asked, no byte of an answer yet */
    HTTP_CONNECTION_MIDDLE,
    HTTP_CONNECTION_CLOSING /* answered; open until the server closes, so that a
                          second answer would be seen */
};

struct phase_stats;

/* One sending of a request; asked again, it is another one. */
struct load_request {
    uint64_t number;      /* names it in its token; no other has the same */
    uint64_t first_us;    /* when it should have been sent for the first time */
    uint64_t intended_us; /* when this time; both monotonic */
    uint32_t tries;       /* how often it was sent before this time */
    bool last;            /* it asks the server to close the connection */
    const struct request_template *request_template;
    struct phase_stats
        *phase_stats; /* where it is counted; not looked at here */
};

struct http_connection {
    const struct http_connection_owner *owner;
    enum http_connection_state state;
    int fd;
    bool reset;           /* a send met ECONNRESET; what came before may still
                             be read */
    uint64_t sent;        /* bytes of the request, body too, that are */
    uint32_t answers;     /* whole answers it has brought */
    enum outcome outcome; /* of the request before, once there was one */
    struct load_request request; /* the one in hand, or the one before */
    uint64_t since_us;           /* since when IDLE or PARTING */
    struct response_check answer;
    ev_io watcher;
    struct http_connection *previous, *next; /* in a list of its owner */
};

/* What all connections of a client share.  The callbacks may not free the
 * connection except in on_gone, after which it is not touched again. */
struct http_connection_owner {
    struct ev_loop *loop;
    const struct sockaddr *address;
    socklen_t address_length;
    const struct response_expectation *check;
    char *buffer; /* scratch for what is read, kept by nobody */
    size_t buffer_bytes;
    void *client;

    /* The request in hand ended so; the connection lives on or not. */
    void (*on_outcome)(struct http_connection *http_connection,
                       enum outcome outcome);
    /* It is free for another request. */
    void (*on_idle)(struct http_connection *http_connection);
    /* It parts: see HTTP_CONNECTION_CLOSING. */
    void (*on_closing)(struct http_connection *http_connection);
    /* Bytes came that nobody asked for: the answer before was not its end. */
    void (*on_unexpected)(struct http_connection *http_connection);
    /* It is closed; the owner frees it. */
    void (*on_gone)(struct http_connection *http_connection);
};

/*
 * Opens a connection to ask `request` on; if that is `last`, it is the only
 * one that it will see.
 * `connection` is the owner's memory, and may stand in a list of his already.
 * Returns 0, or -1 when this machine has
 * no more descriptors or ports (errno says so): nothing is left open, and no
 * callback was called.  A refusal by the other side comes as on_outcome, then
 * on_gone, perhaps before this returns.
 */
int http_connection_open(struct http_connection *http_connection,
                         const struct http_connection_owner *owner,
                         const struct load_request *request);

/* Asks on an IDLE connection. */
void http_connection_ask(struct http_connection *http_connection,
                         const struct load_request *request);

/* The owner's patience is at an end: the request in hand, if there is one,
 * ends as timed out where it stands, and the connection goes. */
void http_connection_expire(struct http_connection *http_connection);

/* Closes without telling anybody but on_gone. */
void http_connection_drop(struct http_connection *http_connection);

/* Whether anybody takes a connection there just now.  Blocks for a second at
 * most; closes it again. */
bool http_connection_possible(const struct sockaddr *address, socklen_t length);

#endif
