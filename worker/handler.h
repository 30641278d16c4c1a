/*
 * handler.h - what a service is, to a worker.
 *
 * A handler turns a request into a response.  It may die at any instruction:
 * its connection goes on elsewhere.  It may be asked again for the same
 * request: after HANDLE_LATER, and by another worker when this one died, if
 * the request is repeatable (idempotent, or with an Idempotency-Key).  So it
 * keeps nothing between two calls.
 */
#ifndef WORKER_HANDLER_H
#define WORKER_HANDLER_H

#include "worker/http/request.h"
#include "worker/http/response.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* Who answers. */
struct worker_identity {
    pid_t pid;
    uint32_t slot;       /* from 1; 0: a spare */
    uint32_t generation; /* how many workers the slot has had */
};

struct exchange {
    const struct request *request;
    struct response *response;
    const struct worker_identity *worker;
    time_t now;          /* wall time */
    bool faults_allowed; /* --faults */
    uint64_t waited_us;  /* since this worker first asked; 0 then */
    uint64_t again_us;   /* HANDLE_LATER: when to ask again, from now */
    /* A counter that the primary keeps: worker processes share no memory. */
    uint64_t count_add; /* HANDLE_COUNT: what to add */
    uint64_t count_key; /* HANDLE_COUNT: a repeated request counts once; or 0 */
    bool counted;       /* it has been added ... */
    uint64_t count;     /* ... and this is what the primary said */
};

enum handled {
    HANDLED,      /* the response is finished */
    HANDLE_LATER, /* not yet: ask again after again_us; meanwhile the worker
                     serves its other connections */
    HANDLE_COUNT  /* not yet: tell the primary, and ask again with its answer */
};

/* `service` is what the worker was given beside the handler.  A response that
 * was begun and not finished becomes a 500. */
typedef enum handled handler(struct exchange *exchange, void *service);

#endif
