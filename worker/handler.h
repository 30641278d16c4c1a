/* SPDX-License-Identifier: MIT */
/*
 * handler.h - the interface between a worker and the service that it runs.
 *
 * A handler builds the response to a request.  Its process may die at any
 * instruction; another worker then resumes the connection.  A handler is called
 * again for the same request after HANDLE_LATER and HANDLE_COUNT, and by
 * another worker if its own died and the request is repeatable (idempotent, or
 * with an Idempotency-Key).  It must keep no state between two calls.
 */
#ifndef WORKER_HANDLER_H
#define WORKER_HANDLER_H

#include "worker/http/request.h"
#include "worker/http/response.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* The worker that sends the response. */
struct worker_identity {
    pid_t pid;
    uint32_t slot;       /* from 1; 0: a spare */
    uint32_t generation; /* how many workers the slot has had, with this one */
};

struct exchange {
    const struct request *request;
    struct response *response;
    const struct worker_identity *worker;
    time_t now;          /* wall time */
    bool faults_allowed; /* --faults */
    uint64_t waited_us;  /* since this worker's first call for this request */
    uint64_t again_us;   /* HANDLE_LATER: call again after this time */
    /* The supervisor's counter: worker processes share no memory. */
    uint64_t count_add; /* HANDLE_COUNT: what to add */
    uint64_t count_key; /* HANDLE_COUNT: requests with the same key, unless 0,
                           are counted once */
    bool counted;       /* the supervisor has replied, and `count` is set */
    uint64_t count;     /* the counter after the addition */
};

enum handled {
    HANDLED,      /* the response is finished */
    HANDLE_LATER, /* call the handler again after again_us; meanwhile the worker
                     serves its other connections */
    HANDLE_COUNT  /* send count_add to the supervisor, and call the handler
                     again with the reply */
};

/* `service` is that of struct worker_options.  If the handler returns HANDLED
 * without a finished response, the client gets a 500. */
typedef enum handled handler(struct exchange *exchange, void *service);

#endif
