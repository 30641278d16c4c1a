/*
 * fault.h - faults on demand, for teaching and tests.
 *
 * With --faults a request may ask its worker to fail, and at which of the steps
 * of connection.h:  /?fault=exit:3&at=committed
 *
 *   exit:N  segv  abort  kill   the worker ends so
 *   hang                        it spins: its heartbeat stands still
 *   stop                        it stops itself (SIGSTOP)
 *   leak:64m                    it takes that much memory and keeps it
 *   wild                        it scribbles over all of its records, and dies
 *   wild:SEED                   it spoils at random what it shares with the
 *                               supervisor, says nonsense to it, and dies or
 *                               goes on (scribble.h)
 *   flood                       it sends messages to the supervisor without
 *                               end, and its heartbeat moves
 *
 * A fault strikes in the worker that parsed the request; who takes up a
 * response that is committed already is not struck.
 */
#ifndef WORKER_FAULT_H
#define WORKER_FAULT_H

#include "worker/arena.h"
#include "worker/request.h"
#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_EXIT,
    FAULT_SEGV,
    FAULT_ABORT,
    FAULT_KILL,
    FAULT_HANG,
    FAULT_STOP,
    FAULT_LEAK,
    FAULT_WILD,
    FAULT_SCRIBBLE,
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

struct fault {
    enum fault_kind kind;
    enum fault_step step;
    uint64_t number; /* exit code, bytes, seed */
};

/* Reads fault= and at= of the query.  Returns false if what they say is
 * neither empty nor one of the above; *fault is then no fault. */
bool fault_read(const struct request *request, struct fault *fault);

/* If `step` is where the fault strikes, strikes, once; returns only from a
 * leak, from scribbling and, once continued, from a stop. */
void fault_reach(struct fault *fault, enum fault_step step,
                 const struct arena *arena);

#endif
