/* SPDX-License-Identifier: MIT */
/*
 * lifecycle.h - the state machine of one child.
 *
 * A child holds one worker process: a slot's worker or a spare.  The supervisor
 * calls lifecycle_next() with an event and executes the returned action.  The
 * restart policy decides what follows an exit: its decision is the event
 * EVENT_LEFT_RENEW, EVENT_LEFT_REST or EVENT_LEFT_RETIRE.
 *
 *          wanted          forked            online          handed
 *   ABSENT -------> PENDING -------> STARTING -------> READY ------> BUSY
 *                     |  ^                                   <------
 *         fork failed |  | rested                             idle
 *                     v  |
 *                    RESTING
 *
 *   from READY and BUSY:
 *     leaving -----> LEAVING       it said that it exits; may finish requests
 *
 *   from STARTING, READY, BUSY and LEAVING:
 *     drain -------> DRAINING      asked to finish its requests and exit
 *
 *   from READY, BUSY, LEAVING and DRAINING:
 *     hung --------> ABORTING      got SIGABRT
 *
 *   from every state with a process:
 *     kill, closed > KILLING       gets SIGKILL, again if the system refuses
 *     left, renew -> PENDING
 *     left, rest --> RESTING
 *     left, retire > ABSENT
 *
 *   from PENDING and RESTING, which have no process:
 *     drain -------> ABSENT
 *
 * OVERDUE, the end of the state's deadline, leads from STARTING, LEAVING,
 * DRAINING and ABORTING to KILLING.
 *
 * If a spare takes another worker's slot, the two children are swapped; neither
 * changes its state.
 */
#ifndef SUPERVISOR_POLICY_LIFECYCLE_H
#define SUPERVISOR_POLICY_LIFECYCLE_H

#include <stdbool.h>

enum worker_state {
    WORKER_ABSENT,   /* no process, none wanted */
    WORKER_PENDING,  /* waits for a permit to fork */
    WORKER_STARTING, /* forked, not online yet */
    WORKER_READY,    /* online, without connections */
    WORKER_BUSY,     /* online, with connections */
    WORKER_LEAVING,  /* said that it exits: it gets no more connections */
    WORKER_DRAINING, /* asked to finish its requests and exit */
    WORKER_ABORTING, /* hung: was sent SIGABRT */
    WORKER_KILLING,  /* SIGKILL was sent, or has to be sent again */
    WORKER_RESTING,  /* its process failed; waits before the next fork */
    WORKER_STATES
};

enum worker_event {
    EVENT_WANTED,      /* the child should have a worker */
    EVENT_FORKED,      /* the worker was forked */
    EVENT_FORK_FAILED, /* the system refused the fork */
    EVENT_ONLINE,      /* the worker reported that it is online */
    EVENT_HANDED,      /* it got a connection and had none before */
    EVENT_IDLE,        /* its last connection was returned or ended */
    EVENT_OVERDUE,     /* the deadline of its state passed */
    EVENT_LEAVING,     /* it said that it exits */
    EVENT_DRAIN,       /* it is no longer wanted */
    EVENT_HUNG,        /* its heartbeat stopped */
    EVENT_KILL,        /* it must end now */
    EVENT_CLOSED,      /* it closed its channel: it exits, or is of no use */
    EVENT_LEFT_RENEW,  /* its process ended: fork again immediately */
    EVENT_LEFT_REST,   /* its process ended: fork again after a delay */
    EVENT_LEFT_RETIRE, /* its process ended: do not fork */
    EVENT_RESTED,      /* the delay is over */
    WORKER_EVENTS
};

enum worker_action {
    ACTION_REFUSE, /* the state excludes the event: log it */
    ACTION_NONE,
    ACTION_ASK,   /* ask for a permit to fork */
    ACTION_REST,  /* start the delay of backoff.h */
    ACTION_DRAIN, /* ask the worker to finish its requests and exit */
    ACTION_ABORT, /* SIGABRT, for the core */
    ACTION_KILL,  /* SIGKILL; the supervisor is the cause of the exit */
    ACTION_END    /* SIGKILL; does not change the cause of the exit */
};

struct transition {
    enum worker_state next;
    enum worker_action action;
};

/* Returns the next state and the action.  Defined for every pair; a refused
 * event does not change the state. */
struct transition lifecycle_next(enum worker_state state,
                                 enum worker_event event);

/* Is there a process in this state? */
bool worker_is_alive(enum worker_state state);

/* Static strings, for the journal. */
const char *worker_state_name(enum worker_state state);
const char *worker_event_name(enum worker_event event);

#endif
