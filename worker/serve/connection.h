/*
 * connection.h - the seven steps by which one connection is served, and
 * nothing else.
 *
 *   1  marks PARSING, then peeks: the request stays queued in the kernel
 *   2  whole and sound: marks HANDLING
 *   3  the handler builds the response in the record
 *   4  marks COMMITTED
 *   5  sends the response from the record
 *   6  takes the request out of the queue
 *   7  marks EMPTY, or CLOSING
 *
 * The process may die between any two instructions.  Another one then calls
 * connection_resume() with a duplicate of the descriptor and the same record,
 * and goes on; a fresh connection is one with an empty record, so there is one
 * path for both.
 *
 * Steps 3 to 6 need a response area of the arena (arena.h).  The connection
 * takes one before it reads a request and releases it when no response is
 * committed.
 *
 * Steps 1 to 3 are in connection.c, 4 to 7 in delivery.c, taking up in
 * resume.c.  Never waits: what can't be done now is answered with what it
 * needs.
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

/* What is the same for all connections of a worker. */
struct connection_setting {
    struct request_limits limits;
    handler *handler;
    void *service;
    struct worker_identity identity;
    bool faults_allowed;
    uint64_t request_timeout_us; /* a handler that takes longer is refused */
    bool closes_after;           /* every answer ends its connection */
    const struct arena *arena;   /* for fault.h */
    bool keeps; /* nobody else can go on with its connections */
    const struct quarantine *quarantine;
    struct peek_buffer *peek;
};

/*
 * Reads what is known about the connection `fd` and its record: by the kernel's
 * counts for TCP (*counted is true then), else by the record's own.  *dead says
 * that it was reset.  Returns 0; or -1 with errno set.
 */
int connection_facts(int fd, const struct record *record,
                     struct record_facts *facts, bool *counted, bool *dead);

struct connection {
    int fd;
    struct record *record;
    struct arena *arena;
    uint32_t area;                   /* or ARENA_NO_AREA */
    size_t area_used_bytes;          /* of it that may have been written */
    struct record_progress progress; /* as last stored in the record */
    uint64_t consumed_bytes;         /* by the kernel's count */
    uint64_t written_bytes;          /* by the kernel's count */
    uint64_t handling_since_us;      /* monotonic; 0: not asked yet */
    uint64_t again_us;               /* NEED_TIME: from now */
    uint64_t count_add, count_key;   /* NEED_COUNT */
    bool reply_received;             /* the primary's answer is in ... */
    uint64_t count;                  /* ... this */
    struct requested_fault fault;    /* that the request in hand asked for */
    unsigned refusal;                /* refuse the request with this status */
    bool low_water_raised;           /* SO_RCVLOWAT may be above 1 */
    bool counted;                    /* by the kernel: it is TCP */
    bool drained; /* nothing was unread behind the request in hand */
};

enum connection_need {
    NEED_NOTHING,  /* a response has gone; advance again */
    NEED_REQUEST,  /* bytes: nothing is unread */
    NEED_MORE,     /* bytes: a part of a request is unread */
    NEED_TIME,     /* again_us, for the handler */
    NEED_COUNT,    /* the primary's answer to count_add and count_key */
    NEED_WRITABLE, /* room in the send queue */
    NEED_AREA,     /* a response area; nothing has begun */
    NEED_CLOSE     /* to be closed */
};

/*
 * Takes the connection `fd` up where `record` of `arena` says it stands;
 * `refusal` is 0, or the status with which to refuse the request in hand.  The
 * descriptor stays the caller's.  Returns NULL; or, if the record cannot be
 * true, a static text that says why: then the connection is to be closed, and
 * the record is left as it is.
 */
const char *connection_resume(struct connection *connection, int fd,
                              struct record *record, struct arena *arena,
                              unsigned refusal);

/* Goes on until something is needed or one response has gone. */
enum connection_need connection_advance(struct connection *connection,
                                        const struct connection_setting *);

/* Of the request that is being looked at: how much of `timeout_us` is left for
 * the rest of it, whoever had the connection meanwhile. */
uint64_t connection_arrival_left_us(const struct connection *connection,
                                    uint64_t timeout_us);

/* Gives the connection up: marks it CLOSING, with the request in hand, if any,
 * as one whose client is gone. */
void connection_abandon(struct connection *connection);

#endif
