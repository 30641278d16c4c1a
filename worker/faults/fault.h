/*
 * fault.h - faults on demand, for teaching and tests.
 *
 * With --faults a request may ask its worker to fail, and at which of the steps
 * of connection.h:  /?fault=exit:3&at=committed
 *
 * The header X-Fault does what fault= does: then the same request line can come
 * with the fault and without.
 *
 *   exit:N  segv  abort  kill   the worker ends so
 *   hang                        it spins: its heartbeat stands still
 *   stop                        it stops itself (SIGSTOP)
 *   leak:64m                    it takes that much memory, writes to each page
 *                               and keeps it; if the kernel refuses the memory,
 *                               the worker aborts
 *   wild                        it scribbles over all of its records, and dies
 *   wild:SEED                   it spoils at random what it shares with the
 *                               supervisor, says nonsense to it, and dies or
 *                               goes on (corrupt.h)
 *   forge-place:N               once the request is answered and taken out, its
 *                               EMPTY record says that both streams stand N
 *                               bytes before 2^64; `at` makes no difference
 *   forge-count:N               likewise, the record counts N more answers
 *   flood                       it sends messages to the supervisor without
 *                               end, and its heartbeat moves
 *
 * A fault injections in the worker that parsed the request; who takes up a
 * response that is committed already is not injected.
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
    FAULT_CORRUPT_AND_ANSWER,
    FAULT_CORRUPT,
    FAULT_FORGE_PLACE,
    FAULT_FORGE_COUNT,
    FAULT_FLOOD
};

enum fault_step {
    STEP_PARSING,   /* marked so, the request is whole and not yet marked */
    STEP_HANDLING,  /* marked so; the default */
    STEP_COMMITTED, /* marked so, nothing is sent */
    STEP_HALF_SENT, /* half of the response is in the send queue */
    STEP_SENT,      /* all of it */
    STEP_CONSUMED   /* the request is taken out, the record still says
                       COMMITTED */
};

struct requested_fault {
    enum requested_fault_kind kind;
    enum fault_step step;
    uint64_t number; /* exit code, bytes, seed */
};

/* What stands behind fault= in the query, else in the header X-Fault; or a
 * slice with `at` NULL. */
struct slice fault_asked(const struct request *request);

/* Reads fault_asked() and at= of the query.  Returns false if what they say is
 * neither empty nor one of the above; *fault is then no fault. */
bool fault_read(const struct request *request, struct requested_fault *fault);

/* If `step` is where the fault strikes, strikes, once; returns only from a
 * leak, from scribbling and, once continued, from a stop. */
void fault_reach(struct requested_fault *fault, enum fault_step step,
                 const struct arena *arena);

/* Injects if the fault forges a record.  `record` is about to be given back. */
void fault_forge(const struct requested_fault *fault, struct record *record);

#endif
