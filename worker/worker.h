/*
 * worker.h - the life of one worker process: online, take connections up,
 * answer, exit.
 *
 * Runs in a process of its own that was forked for it; owns that process's
 * loop, arena and channel, and never returns.  It never waits for a client,
 * and nothing that it was handed is lost when it dies; what it accepted itself,
 * where it is told to, is.
 */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include "worker/handler.h"
#include "worker/http/quarantine.h"
#include <stdbool.h>
#include <stdint.h>

/* Listeners that a worker may be given to accept from. */
#define WORKER_LISTENERS_MAX 16

struct worker_options {
    handler *handler;
    void *service; /* for the handler */
    struct request_limits limits;
    uint64_t exit_after;         /* responses, then it exits; 0: never */
    int exit_code;               /* of that exit */
    uint64_t exit_delay_us;      /* between the two; it goes on answering */
    uint64_t header_timeout_us;  /* for a request to be whole; 408 */
    uint64_t idle_timeout_us;    /* for the next request to start */
    uint64_t send_timeout_us;    /* without room for one more response byte */
    uint64_t request_timeout_us; /* for a handler that waits; 500 */
    const struct quarantine *quarantine; /* inherited; read alone */
    bool one_request; /* give a connection back after each answer */
    bool keeps;       /* nobody else can go on with its connections */
    bool faults_allowed;
    uint32_t capacity; /* of the arena: connections at a time */
    uint32_t areas;    /* of the arena: responses at a time */
};

/*
 * Serves until told to leave, until its supervisor is gone, or until it exits
 * as ordered.  `channel` and `arena_fd` become the worker's.  Exit codes of
 * its own: 0 when it was drained, order->exit_code after order->exit_after
 * responses, 71 (EX_OSERR) when the system refuses it something, such as
 * memory, 76 (EX_PROTOCOL) when it cannot make out a message, as one whose
 * descriptor it has no room for.
 */
_Noreturn void worker_run(const struct worker_options *order, int channel,
                          int arena_fd);

#endif
