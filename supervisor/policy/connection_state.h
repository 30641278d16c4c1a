/* SPDX-License-Identifier: MIT */
/*
 * connection_state.h - where a connection is that the supervisor holds.
 *
 * Pure.
 *
 *   accepted:  FREE ---> IDLE, or QUEUED if a worker is to have it
 *
 *     waits for the client:                  waits for a worker:
 *   .------------------------.  readable,  .--------------.
 *   | IDLE  PARTIAL  STALLED | ----------> | EMPTY_WORKER |
 *   |          ^             |  overdue    | URGENT       |  handed
 *   |          | 250 ms      |             | QUEUED       | --------> HANDED
 *   |          |             | <---------- | LATER        |             |
 *   |       TRICKLE          |  no worker  |              |             |
 *   '------------------------'  in time    '--------------'             |
 *                ^                                 ^        returned, or |
 *                |                                 |     worker is dead |
 *                '-------------- RECLAIMED --------'                    |
 *                                    ^                                  |
 *                                    '----------------------------------'
 *
 *   every state but HANDED -------------------------> FREE       closed
 *   RECLAIMED, STALLED, all that wait for a worker -> LINGERING  answered
 */
#ifndef SUPERVISOR_POLICY_CONNECTION_STATE_H
#define SUPERVISOR_POLICY_CONNECTION_STATE_H

#include <stdbool.h>

enum connection_state {
    CONNECTION_FREE,         /* no connection */
    CONNECTION_IDLE,         /* waits for the next request */
    CONNECTION_PARTIAL,      /* waits for the rest of a request */
    CONNECTION_TRICKLE,      /* the same; not watched: it came in many parts */
    CONNECTION_STALLED,      /* waits until the client reads more */
    CONNECTION_EMPTY_WORKER, /* waits for a worker that holds nothing else */
    CONNECTION_URGENT,       /* waits for a worker; served first */
    CONNECTION_QUEUED,       /* waits for a worker */
    CONNECTION_LATER,        /* waits for a worker; its client is slow */
    CONNECTION_LINGERING,    /* answered; input is discarded until it closes */
    CONNECTION_HANDED,       /* a worker has it: neither read nor write */
    CONNECTION_RECLAIMED,    /* no worker has it; what follows is undecided */
    CONNECTION_STATES
};

/* Sets *state to `next` and returns true if that step is lawful.  Otherwise
 * changes nothing and returns false. */
bool connection_state_step(enum connection_state *state,
                           enum connection_state next);

/* In these states a connection has a deadline, and is in the list of its
 * state. */
bool connection_state_has_deadline(enum connection_state state);

/* In these states the descriptor is watched. */
bool connection_state_is_watched(enum connection_state state);

bool connection_state_waits_for_client(enum connection_state state);
bool connection_state_waits_for_worker(enum connection_state state);

#endif
