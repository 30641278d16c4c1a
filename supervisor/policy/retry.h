/* SPDX-License-Identifier: MIT */
/*
 * retry.h - decides what happens to the unfinished request of a dead worker.
 *
 * Pure.  Before HANDLING the handler has not run; from COMMITTED on it need not
 * run again: another worker continues, whatever the method.  In HANDLING it may
 * have run, so only a repeatable request (idempotent, RFC 9110 section 9.2.2,
 * or with an Idempotency-Key) is retried; any other gets 502.
 *
 * If the worker ended itself (crash, own exit, hang), that counts as an attempt
 * of the request that it was executing; if it was killed from outside, as a
 * kill, of which many more are allowed.  The worker's other requests are not
 * charged.
 */
#ifndef SUPERVISOR_POLICY_RETRY_H
#define SUPERVISOR_POLICY_RETRY_H

#include "worker/protocol/record.h"
#include <stdbool.h>
#include <stdint.h>

struct retry_limits {
    uint32_t max_attempts; /* workers that a request may crash */
    uint32_t max_kills;    /* workers killed from outside during it */
};

/* Counts for one request; must be zeroed when the request ends. */
struct retry_history {
    uint8_t attempts;
    uint8_t kills;
};

/* A request is stuck after this many worker deaths without any change of the
 * kernel's byte counts.  Far more than chaos testing causes for a slow one. */
#define RETRY_STUCK_DEATHS 1000

/* For retry_is_stuck(); must be zeroed when the request ends. */
struct retry_standstill {
    uint32_t mark;
    uint16_t deaths; /* with this mark */
};

enum retry_blame {
    BLAME_NONE,    /* another request was executing, or the exit was planned */
    BLAME_OUTSIDE, /* it was executing when the worker was killed from outside
                    */
    BLAME_REQUEST  /* it was executing when the worker ended itself */
};

enum retry_verdict {
    RETRY_CONTINUE,      /* another worker continues it */
    RETRY_ALONE,         /* the same, a worker without other connections */
    RETRY_REFUSE_UNSAFE, /* 502: it may have run and must not run twice */
    RETRY_REFUSE_POISON, /* 500: it crashed max_attempts workers */
    RETRY_REFUSE_KILLED, /* 500: max_kills workers were killed during it */
    RETRY_CLOSE,         /* only the close is left */
    RETRY_DROP           /* lost: partly answered, and over a limit */
};

/*
 * Decides, and counts this death in *history.  `repeatable` is
 * RECORD_REPEATABLE of the record; it is used in HANDLING only.
 *
 * In COMMITTED each limit is one higher: the handler does not run again, and
 * the response may already be complete.  After its first attempt a request is
 * always retried alone.
 */
enum retry_verdict retry_decide(const struct retry_limits *limits,
                                struct retry_history *history,
                                enum record_state state, bool repeatable,
                                enum retry_blame blame);

/*
 * A corrupt worker can hide the cause of its death, but it cannot forge the
 * kernel's byte counts.  To be called at each death with `mark`, a digest of
 * these counts.  Returns true at the RETRY_STUCK_DEATHS-th consecutive death
 * with the same mark, then starts counting again.
 */
bool retry_is_stuck(struct retry_standstill *standstill, uint32_t mark);

#endif
