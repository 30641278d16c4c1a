/* SPDX-License-Identifier: MIT */
/*
 * fault.h - faults that a request asks for, for teaching and tests.
 *
 * With --faults, a request may ask its worker to fail at one of the steps of
 * connection.h, for example /?fault=exit:3&at=committed.  The header X-Fault is
 * an alternative to fault=: it leaves the request line unchanged.
 *
 *   exit:N  segv  abort  kill   the worker terminates in this way
 *   hang                        the worker spins, without a heartbeat
 *   stop                        the worker stops itself (SIGSTOP)
 *   leak:64m                    the worker allocates that much memory, writes
 *                               to each page and never frees it; if the
 *                               allocation fails, the worker aborts
 *   corrupt                     the worker overwrites all of its records and
 *                               crashes
 *   corrupt:SEED                the worker corrupts at random what it shares
 *                               with the supervisor, sends it invalid messages,
 *                               and dies or continues (corrupt.h)
 *   forge-place:N               after the request was answered and consumed,
 *                               its record claims that both streams are at N
 *                               bytes before 2^64; `at` has no effect
 *   forge-count:N               after the request was answered and consumed,
 *                               the record counts N more requests as answered;
 *                               `at` has no effect
 *   flood                       the worker sends messages to the supervisor
 *                               without end, with a heartbeat
 *
 * Every worker that calls the handler for the request injects the fault.  A
 * worker that resumes a committed response does not.
 */
#ifndef WORKER_FAULTS_FAULT_H
#define WORKER_FAULTS_FAULT_H

#include "worker/http/request.h"
#include "worker/protocol/arena.h"
#include <stdbool.h>
#include <stdint.h>

enum requested_fault_kind {
    FAULT_NONE,
    FAULT_EXIT,
    FAULT_SEGV,
    FAULT_ABORT,
    FAULT_KILL,
    FAULT_HANG,
    FAULT_STOP,
    FAULT_LEAK,
    FAULT_CORRUPT_ALL,
    FAULT_CORRUPT,
    FAULT_FORGE_PLACE,
    FAULT_FORGE_COUNT,
    FAULT_FLOOD
};

enum fault_step {
    STEP_PARSING,   /* the request is whole, the record is still PARSING */
    STEP_HANDLING,  /* the record is HANDLING; the default */
    STEP_COMMITTED, /* the record is COMMITTED, nothing is sent */
    STEP_HALF_SENT, /* half of the response is in the send queue */
    STEP_SENT,      /* all of the response is in the send queue */
    STEP_CONSUMED   /* the request is consumed, the record is still
                       COMMITTED */
};

struct requested_fault {
    enum requested_fault_kind kind;
    enum fault_step step;
    uint64_t number; /* what follows the colon */
};

/* Returns the value of fault= in the query, else that of the header X-Fault,
 * else a slice with `at` NULL. */
struct slice fault_requested(const struct request *request);

/* Reads the fault and the value of at= in the query.  Without a fault, *fault
 * is FAULT_NONE.  Returns false if one of the values is unknown; *fault is
 * FAULT_NONE then. */
bool fault_read(const struct request *request, struct requested_fault *fault);

/* If the fault belongs to `step`, injects it, once.  Returns after an injection
 * only from a leak, from corruption and, after SIGCONT, from a stop. */
void fault_reach(struct requested_fault *fault, enum fault_step step,
                 const struct arena *arena);

/* Injects a fault of a forge kind: changes `record`, whose request has just
 * been answered and consumed. */
void fault_forge(const struct requested_fault *fault, struct record *record);

#endif
