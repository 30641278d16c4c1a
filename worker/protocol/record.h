/*
 * record.h - what survives a worker about one connection.
 *
 * Pure: this file knows what a record means, whether one is sound, and what is
 * left to do about it; it never touches a socket or a mapping.
 *
 * A record lifetimes in shared memory that the worker writes and its successor
 * reads.  The worker may die between any two stores, so one store, that of
 * `progress`, says at which step it was and counts what it has done; the other
 * fields are written before the state that gives them meaning, and never while
 * that state stands.
 *
 *            bytes to read            whole and sound
 *   EMPTY ------------------> PARSING -----------------> HANDLING
 *     ^                         |  ^                        |
 *     |    refused (4xx)        |  | 100 Continue sent      | response built
 *     |    .--------------------'  |                        v
 *     |    '---------------------> | ------------------> COMMITTED
 *     |                            '------------------------|
 *     '---------------- sent, request taken out ------------+
 *   CLOSING <---------- the same, and it ends the connection'
 *
 * A record is untrusted input: a worker may go mad and corrupt_shared_memory
 * over it. Whoever takes a connection up asks record_check() first.
 */
#ifndef WORKER_PROTOCOL_RECORD_H
#define WORKER_PROTOCOL_RECORD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum record_state {
    RECORD_EMPTY,     /* no request; what is unread has not been looked at */
    RECORD_PARSING,   /* a worker looks at unread bytes; nothing has run */
    RECORD_HANDLING,  /* a sound request; its handler may have run */
    RECORD_COMMITTED, /* the response stands whole in the record */
    RECORD_CLOSING,   /* nothing is left to do but to close */
    RECORD_STATES
};

/* What a worker did with one connection since it was handed over.  At any
 * instant begun = answered + refused, plus one for the request in hand.  A
 * request that gets a 100 Continue is not begun by that; one whose client
 * leaves amid it stays begun, and its connection is CLOSING. */
struct record_progress {
    enum record_state state;
    uint32_t begun;       /* requests that reached HANDLING or were refused */
    uint32_t answered;    /* responses below 400, wholly in the send queue */
    uint32_t refused;     /* responses from 400 up, likewise */
    uint32_t quarantined; /* of the refused: by the quarantine */
};

/* A worker gives a connection back before a count could overflow. */
#define RECORD_COUNT_LIMIT ((1U << 15) - 1)

enum record_flag {
    RECORD_ENDS = 1 << 0,       /* the response ends the connection */
    RECORD_REPEATABLE = 1 << 1, /* idempotent (RFC 9110 section 9.2.2) or with
                                   an Idempotency-Key */
    RECORD_INTERIM = 1 << 2,    /* 100 Continue: the request itself follows */
    RECORD_CONTINUED = 1 << 3,  /* its 100 Continue has been sent */
    RECORD_KNOWN = 1 << 4,      /* EMPTY, written by the supervisor: the kernel
                                   counts request_start as consumed and
                                   response_start as written.  A worker that
                                   leaves a record EMPTY promises neither */
    RECORD_QUARANTINED = 1 << 5 /* it is refused with 503 by the quarantine */
};

#define RECORD_LINE_BYTES 96

struct record {
    _Atomic uint64_t progress; /* record_progress, packed */
    uint64_t request_start;    /* bytes the kernel had consumed before it */
    uint64_t response_start;   /* bytes the kernel had been given before it */
    uint32_t request_bytes;    /* its length in the receive queue */
    uint32_t response_bytes;   /* its length in the response area */
    uint32_t taken_bytes;      /* of the request, out of the queue ... */
    uint32_t sent_bytes;       /* ... and of the response, into it: where
                                  the kernel does not count (Unix sockets) */
    uint64_t line_hash;        /* of a connection that the worker accepted
                                  itself: identity.h, for the quarantine */
    uint16_t status;           /* of the response */
    uint8_t flags;             /* enum record_flag */
    uint8_t line_bytes;        /* how much of `line` is used */
    char line[RECORD_LINE_BYTES]; /* the request line, cut, for the journal */
    _Atomic uint32_t accepted;    /* by the worker itself, which holds it: not 0
                                     (account.h) */
    uint64_t since_us; /* PARSING: when its bytes were first looked at, by the
                          clock that all processes share (monotonic) */
    uint64_t request_hash, seal; /* with line_hash: identity.h */
    uint32_t area; /* COMMITTED: the response area that holds the response */
};

/* The one store by which a record changes its state. */
void record_store(struct record *record, struct record_progress progress);
struct record_progress record_load(const struct record *record);

/* What is known about the connection without the record's help, by the kernel's
 * counts (kernel_queue.h). */
struct record_facts {
    uint64_t consumed_bytes;  /* taken out of the receive queue, ever */
    uint64_t unread_bytes;    /* standing in it */
    uint64_t written_bytes;   /* put into the send queue, ever */
    size_t response_capacity; /* bytes of the record's response area */
};

/*
 * Returns NULL if a record left by another worker can be true, else a static
 * text that says what cannot.  EMPTY, PARSING and CLOSING records promise
 * sound counts, flags and line_bytes, and nothing else; HANDLING and COMMITTED
 * ones are held against the kernel's counts too.
 */
const char *record_check(const struct record *record,
                         const struct record_facts *facts);

/* Of a sound COMMITTED record: how much of the response is still to be sent
 * and how much of the request is still to be taken out. */
size_t record_unsent(const struct record *record,
                     const struct record_facts *facts);
size_t record_untaken(const struct record *record,
                      const struct record_facts *facts);

/* The facts by the record's own count, for a connection the kernel keeps no
 * counts of: true once transfer_settle() has corrected it. */
struct record_facts record_own_facts(const struct record *record,
                                     uint64_t unread_bytes);

/* Of a request that is still arriving: how much of the time it may take is left
 * at `now_us`, in microseconds.  One that begins tomorrow is a rogue worker's,
 * and late. */
uint64_t record_arrival_left_us(const struct record *record,
                                uint64_t timeout_us, uint64_t now_us);

/* Static lower-case name; "invalid" for what is no state. */
const char *record_state_name(enum record_state state);

#endif
