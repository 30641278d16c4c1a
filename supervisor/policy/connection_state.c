/* SPDX-License-Identifier: MIT */
/* connection_state.c - see connection_state.h. */
#include "supervisor/policy/connection_state.h"

#define TO(state) (1U << CONNECTION_##state)

/* Closed; handed to a worker; or, if no worker was free in time, answered, or
 * back to wait for the client. */
#define FROM_QUEUE                                                             \
    (TO(FREE) | TO(HANDED) | TO(LINGERING) | TO(IDLE) | TO(STALLED))

static const unsigned lawful[CONNECTION_STATES] = {
    [CONNECTION_FREE] = TO(IDLE) | TO(QUEUED),
    [CONNECTION_IDLE] = TO(FREE) | TO(QUEUED) | TO(EMPTY_WORKER),
    [CONNECTION_PARTIAL] = TO(FREE) | TO(QUEUED) | TO(LATER) | TO(EMPTY_WORKER),
    [CONNECTION_TRICKLE] = TO(FREE) | TO(PARTIAL),
    [CONNECTION_STALLED] =
        TO(FREE) | TO(LATER) | TO(EMPTY_WORKER) | TO(LINGERING),
    [CONNECTION_EMPTY_WORKER] = FROM_QUEUE,
    [CONNECTION_URGENT] = FROM_QUEUE,
    [CONNECTION_QUEUED] = FROM_QUEUE,
    [CONNECTION_LATER] = FROM_QUEUE,
    [CONNECTION_LINGERING] = TO(FREE),
    [CONNECTION_HANDED] = TO(RECLAIMED),
    [CONNECTION_RECLAIMED] = TO(FREE) | TO(IDLE) | TO(PARTIAL) | TO(TRICKLE) |
                             TO(STALLED) | TO(EMPTY_WORKER) | TO(URGENT) |
                             TO(QUEUED) | TO(LATER) | TO(LINGERING),
};

bool connection_state_step(enum connection_state *state,
                           enum connection_state next)
{
    if (!(lawful[*state] & 1U << next))
        return false;
    *state = next;
    return true;
}

bool connection_state_waits_for_client(enum connection_state state)
{
    return state >= CONNECTION_IDLE && state <= CONNECTION_STALLED;
}

bool connection_state_waits_for_worker(enum connection_state state)
{
    return state >= CONNECTION_EMPTY_WORKER && state <= CONNECTION_LATER;
}

bool connection_state_has_deadline(enum connection_state state)
{
    return state >= CONNECTION_IDLE && state <= CONNECTION_LINGERING;
}

bool connection_state_is_watched(enum connection_state state)
{
    return state == CONNECTION_LINGERING ||
           (connection_state_waits_for_client(state) &&
            state != CONNECTION_TRICKLE);
}
