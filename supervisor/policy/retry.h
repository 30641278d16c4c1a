/*
 * retry.h - what becomes of the request that a dead worker had in hand.
 *
 * Pure.  Before HANDLING nothing has run, after COMMITTED nothing has to run
 * again: both go on for every method.  In HANDLING the handler may have run,
 * so only a repeatable request (idempotent, RFC 9110 section 9.2.2, or with an
 * Idempotency-Key) is given to another worker; the others are refused with
 * 502, which is honest.
 *
 * A request that was being worked on when a worker ended itself (crash, own
 * exit, hang) costs an attempt; one whose worker was killed from outside costs
 * a kill, of which many more are allowed.  Neighbours cost nothing.
 */
#ifndef SUPERVISOR_POLICY_RETRY_H
#define SUPERVISOR_POLICY_RETRY_H

#include "worker/protocol/record.h"
#include <stdbool.h>
#include <stdint.h>

struct retry_limits {
    uint32_t max_attempts; /* workers a request may cost by itself */
    uint32_t max_kills;    /* workers that may be killed under it */
};

/* What one request has cost so far; zero it when a request ends. */
struct retry_history {
    uint8_t attempts;
    uint8_t kills;
};

/* Deaths under one request, while by the kernel's counts nothing moves, after
 * which no worker is given to it any more.  Far beyond what chaos does to a
 * slow one. */
#define RETRY_STUCK_DEATHS 1000

/* Where it stood when its workers died; zero it when a request ends. */
struct retry_standstill {
    uint32_t mark;
    uint16_t deaths; /* there */
};

enum retry_blame {
    BLAME_NONE, /* a neighbour was being worked on, or the exit was planned */
    BLAME_OUTSIDE, /* in hand when the worker was killed from outside */
    BLAME_REQUEST  /* in hand when the worker ended itself */
};

enum retry_verdict {
    RETRY_GO_ON,         /* hand it over as it is */
    RETRY_ALONE,         /* likewise, to a worker that holds nothing else */
    RETRY_REFUSE_UNSAFE, /* 502: it may have run, and must not run twice */
    RETRY_REFUSE_POISON, /* 500: it cost max_attempts workers */
    RETRY_REFUSE_KILLED, /* 500: max_kills workers were killed under it */
    RETRY_CLOSE,         /* nothing is left to do but to close */
    RETRY_DROP           /* lost: partly answered, and over the limit */
};

/*
 * Decides, and counts this death in *history.  `repeatable` is what the record
 * says (RECORD_REPEATABLE); it matters in HANDLING alone.
 *
 * A committed response may cost one worker more than the limits say before it
 * is dropped: nothing of the request runs any more, and to drop it loses what
 * may be wholly answered.  Once a request has cost an attempt it is retried
 * alone whatever the next worker died of.
 */
enum retry_verdict retry_decide(const struct retry_limits *limits,
                                struct retry_history *history,
                                enum record_state state, bool repeatable,
                                enum retry_blame blame);

/*
 * A rogue worker can hide what it died of, and the next one does the same, and
 * so on without end; what the kernel counts it cannot hide.  Counts a death at
 * `mark`, a number that changes with those counts.  Returns whether that makes
 * RETRY_STUCK_DEATHS of them since it has changed; then it counts anew.
 */
bool retry_is_stuck(struct retry_standstill *standstill, uint32_t mark);

#endif
