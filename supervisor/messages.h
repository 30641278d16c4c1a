/*
 * messages.h - what is said between the supervisor and its workers, beside the
 * handing over of connections (dispatch.h).
 *
 * Neither side trusts the other: a worker that breaks the rules of
 * worker/channel.h is killed.  Never waits for a worker.
 */
#ifndef SUPERVISOR_MESSAGES_H
#define SUPERVISOR_MESSAGES_H

#include "supervisor/supervisor.h"
#include "worker/channel.h"

/* Watches the channel of a worker that was just forked. */
void messages_watch(struct supervisor *supervisor, struct berth *berth);

/* Reads what a worker said before its end, all of it. */
void messages_read_last(struct supervisor *supervisor, struct berth *berth);

/* Closes the channel. */
void messages_close(struct supervisor *supervisor, struct berth *berth);

/* Says `kind`, which needs no more than the slot.  A worker that takes no
 * message now is told once it does; but a PING is not said later: then this
 * returns the error, else 0. */
int messages_tell(struct berth *berth, enum channel_kind kind);

/* The worker's channel has just refused a message with errno: leaves the worker
 * alone until it takes some again. */
void messages_choke(struct supervisor *supervisor, struct berth *berth);

#endif
