/* SPDX-License-Identifier: MIT */
/*
 * client.h - an open-loop HTTP client.
 *
 * Requests are due at times that arrivals.h computes.  Each is sent once, on a
 * persistent or a new connection, and ends in exactly one class of the ledger.
 * Each retry (`retries`) is a request of its own in the ledger, with its own
 * token.  The client measures its own lateness, so that the server is not
 * blamed for an overloaded client.
 *
 * A `closed` client has no arrivals: it keeps `connections` requests in
 * progress and begins a request when one ends.  That measures the server's max
 * throughput, but its latencies are too low (coordinated omission).
 *
 * Runs in the caller's event loop and does not block.
 */
#ifndef CHAOS_LOAD_CLIENT_H
#define CHAOS_LOAD_CLIENT_H

#include "chaos/load/arrivals.h"
#include "chaos/load/http_connection.h"
#include "chaos/load/request_template.h"
#include "chaos/load/response_check.h"
#include "chaos/load/retry_budget.h"
#include "chaos/load/url.h"
#include "chaos/measure/phase_stats.h"
#include "supervisor/policy/random.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

#define CLIENT_TEMPLATES_MAX 56  /* every method with eight paths */
#define CLIENT_RETRIES_MAX   100 /* limited by the bits in a token */

struct client_options {
    bool closed;          /* a closed loop; rate and poisson are ignored */
    double rate;          /* requests a second, more than 0 */
    bool poisson;         /* random arrivals; false: evenly spaced */
    uint64_t connections; /* max of each kind: persistent and new */
    double new_share;     /* 0 to 1: share of requests that open their own */
    uint64_t timeout_us;  /* from the intended time of the request or retry */
    uint64_t retries;     /* of one request, at most CLIENT_RETRIES_MAX */
    double retry_budget;  /* see retry_budget.h; 0: no limit */
    uint64_t retry_delay_us; /* from a failure to the retry */
    const char *methods;     /* separated by commas; chosen at random */
    const char *paths;   /* with queries, separated by spaces, chosen at random;
                            NULL: the path of the address */
    const char *mixture; /* kinds of mixture.h and their weights, such as
                            "get:3 post:1", or NULL; replaces what precedes and
                            all checks */
    enum token_place token;
    const char *expect;  /* see response_expectation_prepare; or NULL */
    uint64_t body_bytes; /* see response_expectation_prepare; 0: any */
    uint64_t post_bytes; /* of requests whose method has a body */
};

struct client {
    const struct client_options *options;
    struct ev_loop *loop;
    uint64_t seed;
    struct url address;
    struct request_template
        templates[CLIENT_TEMPLATES_MAX]; /* one chosen at random */
    uint32_t template_count;
    struct request_template fault_request_template; /* asks for a fault */
    double fault_request_share; /* 0 to 1, of the requests that begin from */
    uint64_t fault_requests_start_us, fault_requests_end_us; /* monotonic */
    struct phase_stats
        *fault_requests; /* counts those, instead of phase_stats */
    struct response_expectation check;
    struct mixture_counter counter;
    char *buffer; /* scratch memory for reading */

    struct phase_stats
        *phase_stats; /* counts requests that begin now; the caller
                         may change the pointer at any time */
    struct arrivals arrivals;
    struct random choices; /* kind of connection, and template */
    bool finishing;
    bool dispatching; /* a caller is in dispatch_waiting or client_fill */
    struct retry_budget budget;

    /* Every connection, or request without one, is in one of these lists, the
     * oldest request first; [1]: of requests that close their connection. */
    struct http_connection_list waiting[2]; /* QUEUED until there is room */
    struct http_connection_list retries;    /* QUEUED for retry_delay_us */
    struct http_connection_list busy[2];    /* with a request */
    struct http_connection_list idle, closing;

    int timer_fd;
    ev_io due;      /* timer_fd: a request is due */
    ev_timer watch; /* expires requests and connections */
    ev_timer retry; /* the first of `retries` is due */

    /* Callbacks; each may be NULL.  on_done is called when all requests have
     * ended and all connections are closed or idle, after client_stop. */
    void *context;
    void (*on_begun)(void *context, const struct load_request *request,
                     uint64_t now_us);
    void (*on_ended)(void *context, const struct load_request *request,
                     enum outcome outcome, uint64_t now_us);
    void (*on_done)(void *context);
};

/* `options` must outlive the client.  Call client_prepare before client_start.
 * Never returns NULL. */
struct client *client_new(struct ev_loop *loop, const struct url *address,
                          const struct client_options *options, uint64_t seed);

/* Prepares the requests; uses only `options` and `address` of the client.
 * `fault_query` is the query of requests that ask for a fault, or NULL; `run`
 * is a part of every token.  Returns NULL, or an error message (static text),
 * and sets *key to the option it is about: "methods", "paths", "mixture",
 * "url", "query" or "expect". */
const char *client_prepare(struct client *client, const char *fault_query,
                           uint32_t run, const char **key);

/* The share of the requests beginning at `now_us` that ask for a fault. */
double client_fault_share(const struct client *client, uint64_t now_us);

/* Starts the load now; counts its requests in `phase_stats`. */
void client_start(struct client *client, struct phase_stats *phase_stats);

/* Begins no further requests.  Those in progress and their retries continue
 * until on_done. */
void client_stop(struct client *client);

/* Ends the load immediately and removes unfinished requests from the ledgers,
 * so that they balance.  on_done is not called. */
void client_abandon(struct client *client);

/* The number of open connections. */
uint32_t client_connections(const struct client *client);

/* Closes all connections and frees `client`, which may be NULL. */
void client_free(struct client *client);

#endif
