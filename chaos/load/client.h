/*
 * client.h - an open-loop HTTP client that can be trusted with a verdict.
 *
 * Requests are due at times that the arrivals alone decides; each is sent once,
 * on a kept or a new http_connection, and ends in exactly one class of the
 * ledger. It asks nothing again unless told to (`retries`), and then each retry
 * is a request of its own in the ledger, with a token of its own.  It measures
 * its own lateness, so that it does not blame a server for what its own machine
 * could not do.
 *
 * Told to be `closed`, it has no arrivals: as many requests are in hand as
 * there may be connections, and the end of one is the beginning of the next.
 * That measures what a server can take; its latencies flatter the server.
 *
 * Runs in the caller's loop and blocks nowhere.
 */
#ifndef CHAOS_LOAD_CLIENT_H
#define CHAOS_LOAD_CLIENT_H

#include "chaos/load/arrivals.h"
#include "chaos/load/http_connection.h"
#include "chaos/load/http_connection_list.h"
#include "chaos/load/request_queue.h"
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
#define CLIENT_RETRIES_MAX   100 /* a token has room for so many */

struct client_options {
    bool closed;             /* no pace: the next when one has ended */
    double rate;             /* requests a second, more than 0 */
    bool poisson;            /* arrivals at random instead of evenly spaced */
    uint64_t duration_us;    /* 0: until client_stop */
    uint64_t connections;    /* most at once of each kind, kept and new */
    double new_share;        /* 0 to 1: requests on a connection of their own */
    uint64_t timeout_us;     /* for a request, from its intended time; for a
                                retry, from its own */
    uint64_t retries;        /* of one request, at most CLIENT_RETRIES_MAX */
    double retry_budget;     /* see retry_budget.h; 0: no limit */
    uint64_t retry_delay_us; /* from a failure to the next try */
    uint64_t seed;
};

struct client {
    struct client_options options;
    struct ev_loop *loop;
    struct url address;
    struct request_template templates[CLIENT_TEMPLATES_MAX]; /* drawn evenly */
    uint32_t template_count;
    struct request_template fault_request_template; /* asks for a fault ... */
    double fault_request_share; /* in so many of all requests, 0 to 1, ... */
    struct phase_stats
        *fault_requests; /* which are counted here and nowhere else */
    struct response_expectation check;
    struct http_connection_owner owner;

    struct phase_stats *phase_stats; /* where requests due now are counted; the
                            caller's, who may change it at any time */
    struct arrivals arrivals;
    struct random choices; /* kept or new, and which request_template */
    uint64_t end_us;       /* no request is due after; UINT64_MAX: open */
    bool finishing;
    bool dispatching; /* the request_queue is being served further up the stack
                       */
    bool filling;     /* so are idle hands, in a closed loop */
    struct retry_budget budget;

    struct request_queue for_kept, for_new; /* requests without a connection */
    struct request_queue again;             /* that wait to be asked again */
    struct http_connection_list in_hand[2]; /* by kind; oldest request first */
    struct http_connection_list idle, closing;
    uint32_t kept;                 /* kept connections open, idle ones too */
    struct http_connection *spare; /* memory of connections that are gone */

    int timer_fd;
    ev_io due;      /* timer_fd: a request is due */
    ev_timer watch; /* looks for what is overdue */
    ev_timer retry; /* the first of `again` is due */

    /* For the caller; each may be NULL.  on_begun comes when a request is due,
     * on_ended when it has ended; on_done once, when all has ended after the
     * duration or client_stop. */
    void *context;
    void (*on_begun)(void *context, const struct load_request *request,
                     uint64_t now_us);
    void (*on_ended)(void *context, const struct load_request *request,
                     enum outcome outcome, uint64_t now_us);
    void (*on_done)(void *context);
};

/* What a client asks, and what it expects. */
struct client_requests {
    const char *methods; /* separated by commas; drawn evenly */
    const char *paths;   /* with queries, parted by blanks, drawn evenly; NULL:
                            the address's own */
    enum token_place token;
    const char *expect;  /* text in every body, or NULL */
    uint64_t body_bytes; /* of every answer, see response_expectation_prepare;
                            0: any */
    uint64_t post_bytes; /* of requests whose method takes a body */
    const char *fault_request_query; /* of requests for a fault, or NULL */
    uint32_t run;                    /* part of every token */
};

/* Makes a client of `address`, to be prepared before client_start.  Never
 * returns NULL. */
struct client *client_new(struct ev_loop *loop, const struct url *address,
                          const struct client_options *options);

/* Prepares what it asks of `address`.  Returns NULL, or what is wrong with the
 * request_templates (static text), and in *key with which: "methods", "paths",
 * "url", "query" or "expect". */
const char *client_prepare(struct client *client, const struct url *address,
                           const struct client_requests *templates,
                           const char **key);

/* Lets the first request be due now, counted in `phase_stats`. */
void client_start(struct client *client, struct phase_stats *phase_stats);

/* No further request is due; those in hand go on to their end, retries too. */
void client_stop(struct client *client);

/* Takes back what has not ended (an interruption), so that the ledgers
 * balance all the same.  on_done is not called any more. */
void client_abandon(struct client *client);

/* Connections that are open now. */
uint32_t client_connections(const struct client *client);

/* Closes everything; NULL is nothing. */
void client_free(struct client *client);

#endif
