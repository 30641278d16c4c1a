/* SPDX-License-Identifier: MIT */
/*
 * held_connection.h - one connection that the supervisor holds, and what has
 * happened to its request.
 *
 * Only the files of connections/ write the fields; other folders call the
 * functions below, and those of connections.h for what changes the state.
 */
#ifndef SUPERVISOR_CONNECTIONS_HELD_CONNECTION_H
#define SUPERVISOR_CONNECTIONS_HELD_CONNECTION_H

#include "supervisor/policy/connection_state.h"
#include "supervisor/policy/progress.h"
#include "supervisor/policy/retry.h"
#include "worker/protocol/record.h"
#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

/* What a worker left of a request: its record, and the unsent part of the
 * response. */
struct saved_request {
    struct record record;
    size_t offset; /* of `unsent` in the response, in bytes */
    size_t unsent_bytes;
    uint64_t unacked_bytes; /* CONNECTION_STALLED: sent bytes that the client
                               had not acknowledged at the last look */
    char unsent[];
};

/* CONNECTION_HANDED: to which record of its worker. */
struct assignment {
    uint64_t number; /* of the handoff; from 1 */
    uint32_t record;
    bool single_request; /* the worker may begin one request */
};

struct held_connection {
    ev_io watcher; /* must be the first member: callbacks cast it */
    int fd;        /* -1: only the worker has the connection (--no-retain) */
    enum connection_state state; /* only connection_enter() changes it */
    struct held_connection *next, *prev; /* in the list of its state */
    uint64_t deadline_us;                /* while in a list; monotonic */
    uint64_t queue_until_us; /* of its request; monotonic; 0: never queued */
    uint64_t handed_us;      /* time of the last handoff; monotonic; 0: it has
                                queued since, or was never handed */
    uint64_t number;         /* for the journal; from 1 */
    struct assignment assignment;        /* the last one */
    struct saved_request *saved_request; /* NULL: none */
    struct retry_history history;
    uint16_t refusal; /* status with which the next worker refuses; 0: none */
    bool request_in_progress; /* it has begun and not ended */
    bool request_retried;     /* its worker died */
    bool request_refused;     /* by the last worker */
    bool needs_empty_worker;  /* its request is a suspect */
    bool is_tcp;
    /* TCP: the kernel's counts where the unfinished request began (or where the
     * next one begins), taken when the connection last came back from a worker;
     * 0 if no worker has had it. */
    struct progress_place reached;
    uint8_t partial_reads; /* how often its request was found incomplete */
    struct retry_standstill standstill;
};

/* A worker has let go of the connection, and its record is valid: `progress`
 * counts the requests since the handoff. */
void held_worked(struct held_connection *held, struct record_progress progress);

/* The kernel's counts, as `reached` above, were read again. */
void held_reached(struct held_connection *held, struct progress_place reached);

/* The request was found incomplete.  Returns how often, at most UINT8_MAX. */
uint8_t held_incomplete(struct held_connection *held);

/* The next worker is to refuse the request with `status`. */
void held_refuse(struct held_connection *held, uint16_t status);

/* The worker died while its record was in `state`.  Returns true if no byte
 * has arrived or been consumed during the last RETRY_STUCK_DEATHS deaths.
 * Bytes written count only in COMMITTED, where a response is sent. */
bool held_orphaned(struct held_connection *held, enum record_state state);

/* Then applies policy/retry.h to the request. */
enum retry_verdict held_retry(struct held_connection *held,
                              const struct retry_limits *limits,
                              enum record_state state, enum retry_blame blame);

#endif
