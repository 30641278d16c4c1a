/*
 * poison.h - a request crashed as many workers as it may: its like are refused
 * for --quarantine.
 *
 * First the request itself, known by a hash over all of its bytes; its request
 * line only once several different requests with that line crashed workers
 * (policy/blame.h).
 */
#ifndef SUPERVISOR_HANDOFF_POISON_H
#define SUPERVISOR_HANDOFF_POISON_H

#include "supervisor/supervisor.h"

/*
 * Quarantines the request that is first in the connection's receive queue, if
 * its record says that it is whole.  The hash is computed from the bytes in the
 * kernel: what a worker wrote about them is not believed, so no worker can
 * blame a request that its client has not sent.
 */
void poison_held(struct supervisor *supervisor,
                 const struct held_connection *held);

/*
 * The request in the record at `index` of a dead worker's arena crashed that
 * worker, which alone had the connection: quarantines the request once it has
 * crashed --max-attempts workers.  Does nothing if the record's seal
 * (worker/http/identity.h) is not right.
 */
void poison_recorded(struct supervisor *supervisor, const struct record *record,
                     uint32_t index);

#endif
