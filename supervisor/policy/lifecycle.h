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
 *   from STARTING, READY and BUSY:
 *     drain -------> DRAINING      asked to exit; then, however it ends:
 *     left, renew -> PENDING       DRAINING ---- left ----> ABSENT
 *     left, rest --> RESTING
 *     left, retire > ABSENT
 *
 *   from PENDING and RESTING, which have no process:
 *     drain -------> ABSENT
 *
 * OVERDUE kills the worker and changes no state; the exit that follows does.
 *
 * If a spare takes a dead worker's slot, the two children are swapped; neither
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
    WORKER_DRAINING, /* asked to finish its requests and exit */
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
    EVENT_OVERDUE,     /* its start or drain deadline passed */
    EVENT_DRAIN,       /* it is no longer wanted */
    EVENT_LEFT_RENEW,  /* its process ended: fork again immediately */
    EVENT_LEFT_REST,   /* its process ended: fork again after a delay */
    EVENT_LEFT_RETIRE, /* its process ended: do not fork.  From DRAINING all
                          three lead to ABSENT; to replace the worker, the
                          caller sends EVENT_WANTED */
    EVENT_RESTED,      /* the delay is over */
    WORKER_EVENTS
};

enum worker_action {
    ACTION_REFUSE, /* the state excludes the event: log it */
    ACTION_NONE,
    ACTION_ASK,  /* ask for a permit to fork */
    ACTION_REST, /* start the delay of backoff.h */
    ACTION_KILL, /* SIGKILL */
    ACTION_DRAIN /* ask the worker to finish its requests and exit */
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
