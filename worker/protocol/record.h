/* SPDX-License-Identifier: MIT */
/*
 * record.h - the state of one connection that survives its worker.
 *
 * Pure: accesses neither sockets nor mappings.
 *
 * A record is in shared memory, which the worker writes and its successor
 * reads.  The worker may die between any two stores.  Therefore one store, that
 * of `progress`, sets the state and all counts; the other fields are written
 * before the state that makes them valid, and not while that state lasts,
 * except taken_bytes and sent_bytes (transfer.h).
 *
 *            bytes to read            whole and valid
 *   EMPTY ------------------> PARSING -----------------> HANDLING
 *     ^                         |  ^                        |
 *     |    refused (4xx)        |  | 100 Continue sent      | response built
 *     |    .--------------------'  |                        v
 *     |    '---------------------> | ------------------> COMMITTED
 *     |                            '------------------------|
 *     '---------------- sent, request consumed -------------+
 *   CLOSING <---------- the same, and it ends the connection'
 *
 * A record is untrusted input, because a corrupt worker may overwrite it: call
 * record_check() before you resume a connection.
 */
#ifndef WORKER_PROTOCOL_RECORD_H
#define WORKER_PROTOCOL_RECORD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum record_state {
    RECORD_EMPTY,     /* no request; unread bytes were not parsed */
    RECORD_PARSING,   /* a worker parses unread bytes; no handler has run */
    RECORD_HANDLING,  /* a valid request; its handler may have run */
    RECORD_COMMITTED, /* the response is whole in its response area */
    RECORD_CLOSING,   /* the connection must be closed */
    RECORD_STATES
};

/* What a worker did with one connection since it got it.  At any time, begun =
 * answered + refused + the request in progress (0 or 1).  A 100 Continue does
 * not begin its request.  If the client leaves during a request, the state
 * becomes CLOSING, and the request stays in progress. */
struct record_progress {
    enum record_state state;
    uint32_t begun;       /* requests that reached HANDLING or were refused */
    uint32_t answered;    /* status below 400: whole in the send queue */
    uint32_t refused;     /* status 400 or above: whole in the send queue */
    uint32_t quarantined; /* of the refused: by the quarantine */
};

/* The maximum count: a worker returns a connection before it exceeds this. */
#define RECORD_COUNT_LIMIT ((1U << 15) - 1)

enum record_flag {
    RECORD_ENDS = 1 << 0,       /* close the connection after the response */
    RECORD_REPEATABLE = 1 << 1, /* idempotent (RFC 9110 section 9.2.2) or with
                                   an Idempotency-Key */
    RECORD_INTERIM = 1 << 2,    /* the response is a 100 Continue */
    RECORD_CONTINUED = 1 << 3,  /* a 100 Continue was sent for the request */
    RECORD_KNOWN = 1 << 4,      /* in a fresh EMPTY record: request_start is
                                   the kernel's count of consumed bytes, and
                                   response_start that of written bytes.  A
                                   worker that marks a record EMPTY clears the
                                   flag */
    RECORD_QUARANTINED = 1 << 5 /* the quarantine refuses the request: 503 */
};

#define RECORD_LINE_BYTES 96

struct record {
    _Atomic uint64_t progress; /* record_progress, packed */
    uint64_t request_start;    /* bytes consumed before the request */
    uint64_t response_start;   /* bytes written before the response */
    uint32_t request_bytes;    /* length of the request, with all framing */
    uint32_t response_bytes;   /* length of the response */
    uint32_t taken_bytes;      /* Unix sockets: consumed bytes of the request */
    uint32_t sent_bytes;       /* Unix sockets: sent bytes of the response */
    uint64_t line_hash;        /* connections that the worker accepted itself:
                                  identity.h, for the quarantine */
    uint16_t status;           /* of the response */
    uint8_t flags;             /* enum record_flag */
    uint8_t line_bytes;        /* used bytes of `line` */
    char line[RECORD_LINE_BYTES]; /* the request line, truncated, for the log */
    _Atomic uint32_t accepted;    /* not 0: the worker accepted the connection
                                     itself and holds it (account.h) */
    uint64_t since_us;            /* PARSING: when parsing of the request began
                                     (CLOCK_MONOTONIC) */
    uint64_t request_hash, seal;  /* with line_hash: identity.h */
    uint32_t area; /* COMMITTED: the response area of the response */
};

/* The one store by which a record changes its state. */
void record_store(struct record *record, struct record_progress progress);
struct record_progress record_load(const struct record *record);

/* The counts that a record is checked against: the kernel's (kernel_queue.h),
 * or those of record_own_facts(). */
struct record_facts {
    uint64_t consumed_bytes;  /* removed from the receive queue so far */
    uint64_t unread_bytes;    /* in the receive queue now */
    uint64_t written_bytes;   /* put into the send queue so far */
    size_t response_capacity; /* size of a response area */
};

/*
 * Returns NULL if the record of another worker is valid, else a static text
 * with the reason.  Checks the state, the counts, `flags` and `line_bytes`; for
 * HANDLING and COMMITTED also the request and the response, against `facts`.
 */
const char *record_check(const struct record *record,
                         const struct record_facts *facts);

/* For a valid COMMITTED record: return how many bytes of the response are not
 * sent, and how many bytes of the request are not consumed. */
size_t record_unsent(const struct record *record,
                     const struct record_facts *facts);
size_t record_untaken(const struct record *record,
                      const struct record_facts *facts);

/* Returns facts from the record's own counts, for a connection whose bytes the
 * kernel does not count.  They are correct after transfer_settle(). */
struct record_facts record_own_facts(const struct record *record,
                                     uint64_t unread_bytes);

/* For a request that is still arriving: returns how much of `timeout_us` is
 * left at `now_us`.  Returns 0 if `since_us` is in the future, which only a
 * corrupt worker writes. */
uint64_t record_arrival_left_us(const struct record *record,
                                uint64_t timeout_us, uint64_t now_us);

/* Returns a static name in lower case; "invalid" for an unknown state. */
const char *record_state_name(enum record_state state);

#endif
