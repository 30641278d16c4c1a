/* SPDX-License-Identifier: MIT */
/*
 * connection.h - serves one connection, in seven steps:
 *
 *   1  sets PARSING and peeks; the request stays in the receive queue
 *   2  sets HANDLING when the request is whole and valid
 *   3  calls the handler, which builds the response in a response area
 *   4  sets COMMITTED
 *   5  sends the response
 *   6  removes the request from the receive queue
 *   7  sets EMPTY or CLOSING
 *
 * The process may die between any two instructions.  Another worker then calls
 * connection_resume() with a duplicate of the descriptor and a copy of the
 * record, and continues.  A new connection is one with an EMPTY record, so both
 * take the same path.
 *
 * Steps 3 to 6 need a response area of the arena (arena.h).  The connection
 * takes one before it reads a request and releases it when no response is
 * committed.
 *
 * connection.c contains steps 1 to 3, delivery.c steps 4 to 7.  No function
 * waits: connection_advance() returns what the connection needs next.
 */
#ifndef WORKER_SERVE_CONNECTION_H
#define WORKER_SERVE_CONNECTION_H

#include "worker/faults/fault.h"
#include "worker/handler.h"
#include "worker/http/peek.h"
#include "worker/http/quarantine.h"
#include "worker/http/request.h"
#include "worker/protocol/arena.h"
#include "worker/protocol/record.h"
#include <stdbool.h>
#include <stdint.h>

/* Settings that all connections of a worker share. */
struct connection_setting {
    struct request_limits limits;
    handler *handler;
    void *service;
    struct worker_identity identity;
    bool faults_allowed;
    uint64_t request_timeout_us; /* for a handler; then 500 */
    bool closes_after;           /* close each connection after its response */
    const struct arena *arena;
    bool keeps_connections; /* they end with the worker */
    const struct quarantine *quarantine;
    struct peek_buffer *peek;
};

/*
 * Reads the counts of the connection `fd`: for TCP the kernel's, and sets
 * *counted to true; else those of the record.  Sets *dead to true if a TCP
 * connection was reset or timed out.  Returns 0; or -1 with errno set.
 */
int connection_facts(int fd, const struct record *record,
                     struct record_facts *facts, bool *counted, bool *dead);

struct connection {
    int fd;
    struct record *record;
    struct arena *arena;
    uint32_t area;                   /* or ARENA_NO_AREA */
    size_t area_used_bytes;          /* bytes that may have been written */
    struct record_progress progress; /* as last stored in the record */
    uint64_t consumed_bytes;         /* like the kernel's count */
    uint64_t written_bytes;          /* like the kernel's count */
    uint64_t handling_since_us;      /* CLOCK_MONOTONIC; 0: handler not called
                                        for the current request */
    uint64_t again_us;               /* NEED_TIME: time to wait */
    uint64_t count_add, count_key;   /* NEED_COUNT */
    bool reply_received;             /* to NEED_COUNT; `count` is set */
    uint64_t count;                  /* the supervisor's counter */
    struct requested_fault fault;    /* of the current request */
    unsigned refusal;                /* refuse the request with this status */
    bool low_water_raised;           /* SO_RCVLOWAT may be above 1 */
    bool counted;                    /* the kernel counts bytes: TCP */
    bool nothing_follows;            /* no unread byte followed the current
                                        request */
};

enum connection_need {
    NEED_NOTHING,  /* a response was sent; advance again */
    NEED_REQUEST,  /* bytes; none is unread */
    NEED_MORE,     /* bytes; a part of a request is unread */
    NEED_TIME,     /* the handler must be called again after again_us */
    NEED_COUNT,    /* the supervisor's reply to count_add and count_key */
    NEED_WRITABLE, /* space in the send queue */
    NEED_AREA,     /* a response area; no request has begun */
    NEED_CLOSE     /* the connection must be closed */
};

/*
 * Resumes the connection `fd` in the state that `record` of `arena` describes.
 * `refusal` is 0, or the status to refuse the current request with.  The caller
 * still owns `fd`.  Returns NULL; or, if the record is invalid, a static text
 * with the reason: the caller must then close the connection, and the record is
 * unchanged.
 */
const char *connection_resume(struct connection *connection, int fd,
                              struct record *record, struct arena *arena,
                              unsigned refusal);

/* Serves the connection until it has sent one response or needs something that
 * is not available. */
enum connection_need connection_advance(struct connection *connection,
                                        const struct connection_setting *);

/* Returns how much of `timeout_us` is left for the rest of the request to
 * arrive.  Time with other workers counts too. */
uint64_t connection_arrival_left_us(const struct connection *connection,
                                    uint64_t timeout_us);

/* Sets CLOSING.  A request in progress stays in progress and counts as one
 * whose client has left. */
void connection_abandon(struct connection *connection);

#endif
