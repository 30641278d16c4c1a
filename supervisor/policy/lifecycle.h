/*
 * lifecycle.h - the life of one worker, as a table.
 *
 * A child is a place for one worker process: it holds a slot's worker or a
 * spare.  This module decides what becomes of a child when something happens
 * to it.  It never forks, kills, waits, logs or reads a clock: the supervisor
 * brings it events and carries out the actions it answers with.  Whether an
 * exit is followed by a fork, a rest or nothing is for the restart policy to
 * say; its answer is in the event, so that the table stays flat.
 *
 *          wanted          forked            online          handed
 *   ABSENT -------> PENDING -------> STARTING -------> READY ------> BUSY
 *                     |  ^                                   <------
 *         fork failed |  | rested                             idle
 *                     v  |
 *                    RESTING
 *
 *   from STARTING, READY and BUSY:
 *     drain -------> DRAINING      asked to leave; then, however it ends:
 *     left, renew -> PENDING       DRAINING ---- left ----> ABSENT
 *     left, rest --> RESTING
 *     left, retire > ABSENT
 *
 *   from PENDING and RESTING, where there is no process to ask:
 *     drain -------> ABSENT
 *
 * OVERDUE moves nothing: it kills the worker, and the exit that follows moves
 * the child.
 *
 * A spare that takes a dead worker's slot changes places with it, child for
 * child; that moves no state.
 */
#ifndef SUPERVISOR_POLICY_LIFECYCLE_H
#define SUPERVISOR_POLICY_LIFECYCLE_H

#include <stdbool.h>

enum worker_state {
    WORKER_ABSENT,   /* no process, and none wanted */
    WORKER_PENDING,  /* a fork is wanted and waits for its permit */
    WORKER_STARTING, /* forked, has not said that it is online */
    WORKER_READY,    /* online, holds no connection */
    WORKER_BUSY,     /* online, holds connections */
    WORKER_DRAINING, /* asked to leave; may finish what it holds */
    WORKER_RESTING,  /* its process failed; a delay runs before the next fork */
    WORKER_STATES
};

enum worker_event {
    EVENT_WANTED,      /* the child is to have a worker */
    EVENT_FORKED,      /* the permit came, and the fork was made */
    EVENT_FORK_FAILED, /* the permit came, but the system refused the fork */
    EVENT_ONLINE,      /* the worker reports for duty */
    EVENT_HANDED,      /* a connection was handed to a worker without one */
    EVENT_IDLE,        /* the last connection it held came back or ended */
    EVENT_OVERDUE,     /* its deadline passed: to start, or to drain */
    EVENT_DRAIN,       /* it is no longer wanted */
    EVENT_LEFT_RENEW,  /* its process ended: fork again at once */
    EVENT_LEFT_REST,   /* its process ended: fork again after a delay */
    EVENT_LEFT_RETIRE, /* its process ended, and none is wanted any more; a
                          worker that was draining is never replaced,
                          whichever of the three it is */
    EVENT_RESTED,      /* the delay is over */
    WORKER_EVENTS
};

enum worker_action {
    ACTION_REFUSE, /* the event makes no sense in this state: log it */
    ACTION_NONE,
    ACTION_ASK,  /* ask for a permit to fork */
    ACTION_REST, /* start the delay; backoff.h says how long */
    ACTION_KILL, /* SIGKILL */
    ACTION_DRAIN /* tell the worker to finish and leave */
};

struct transition {
    enum worker_state next;
    enum worker_action action;
};

/* The answer to `event` in `state`.  Total: every pair has one, and a refused
 * event leaves the state as it was. */
struct transition lifecycle_next(enum worker_state state,
                                 enum worker_event event);

/* Is there a process in this state? */
bool worker_is_alive(enum worker_state state);

/* Static lower-case names, for the journal. */
const char *worker_state_name(enum worker_state state);
const char *worker_event_name(enum worker_event event);

#endif
