/* SPDX-License-Identifier: MIT */
/*
 * poison.h - quarantines requests that crashed --max-attempts workers: equal
 * requests are refused for --quarantine.
 *
 * A request is identified by a hash over all of its bytes.  Its request line is
 * quarantined too once several different requests with that line were
 * (policy/blame.h).
 */
#ifndef SUPERVISOR_HANDOFF_POISON_H
#define SUPERVISOR_HANDOFF_POISON_H

#include "supervisor/connections/held_connection.h"
#include "supervisor/policy/blame.h"
#include "supervisor/supervisor.h"
#include "worker/http/quarantine.h"

struct poison {
    const struct quarantine *shown; /* the workers' read-only mapping */
    struct quarantine *quarantine;  /* the same memory, writable */
    struct blame blame;             /* crashes by request, by line */
};

/*
 * Quarantines the first request in the receive queue of the connection, if its
 * record says that the request is complete.  The hash is computed from the
 * bytes in the kernel, so that a worker cannot blame a request that no client
 * sent.
 */
void poison_held(struct supervisor *supervisor,
                 const struct held_connection *held);

/*
 * For a connection that the dead worker accepted itself: counts the crash that
 * the request in `record`, at `index` in the arena, caused, and quarantines the
 * request when it has crashed --max-attempts workers.  Does nothing if the seal
 * of the record is wrong (worker/http/identity.h).
 */
void poison_recorded(struct supervisor *supervisor, const struct record *record,
                     uint32_t index);

#endif
