/* SPDX-License-Identifier: MIT */
/*
 * worker.h - runs one worker process: it reports that it is online, serves
 * connections and exits.
 *
 * The worker owns the process's event loop, arena and channel.  It never blocks
 * on a client.  When it dies, another worker resumes the connections that the
 * supervisor handed to it; the connections that it accepted itself are lost.
 */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include "worker/handler.h"
#include "worker/http/quarantine.h"
#include <stdbool.h>
#include <stdint.h>

/* Maximum number of listeners that a worker accepts from. */
#define WORKER_LISTENERS_MAX 16

struct worker_options {
    handler *handler;
    void *service; /* passed to the handler */
    struct request_limits limits;
    uint64_t exit_after;         /* exit after this many responses; 0: never */
    int exit_code;               /* of the exit after exit_after responses */
    uint64_t exit_delay_us;      /* from that response to the exit; the worker
                                    serves until then */
    uint64_t header_timeout_us;  /* for a request to arrive; then 408 */
    uint64_t idle_timeout_us;    /* for the next request to start */
    uint64_t send_timeout_us;    /* while the client reads nothing */
    uint64_t request_timeout_us; /* from the first call of the handler to its
                                    response; then 500 */
    const struct quarantine *quarantine; /* mapped read-only */
    bool one_request;       /* give a connection back after each response */
    bool keeps_connections; /* no other process can continue them */
    bool faults_allowed;
    uint32_t capacity; /* records of the arena: concurrent connections */
    uint32_t areas;    /* response areas of the arena: concurrent responses */
};

/*
 * Serves until the supervisor drains the worker, until the channel closes, or
 * until `options->exit_after` responses were sent.  Takes ownership of
 * `channel` and `arena_fd`.  Exit codes:
 *
 *   0                   the worker was drained
 *   options->exit_code  options->exit_after responses were sent
 *   70 (EX_SOFTWARE)    no response area became free within
 *                       options->request_timeout_us
 *   71 (EX_OSERR)       a system call failed, for example for lack of memory,
 *                       or a message could not be sent
 *   76 (EX_PROTOCOL)    the channel was closed, or a message was invalid, for
 *                       example because no descriptor was free for the one that
 *                       came with it
 */
_Noreturn void worker_run(const struct worker_options *options, int channel,
                          int arena_fd);

#endif
