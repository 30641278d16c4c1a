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

#include "worker/request.h"
#include "worker/response.h"
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
};

enum handled {
    HANDLED,     /* the response is finished */
    HANDLE_LATER /* not yet: ask again after again_us; meanwhile the worker
                    serves its other connections */
};

/* `service` is what the worker was given beside the handler.  A response that
 * was begun and not finished becomes a 500. */
typedef enum handled handler(struct exchange *exchange, void *service);

#endif
