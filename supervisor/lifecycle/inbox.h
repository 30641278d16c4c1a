/*
 * inbox.h - what workers say.
 *
 * Neither side trusts the other: a worker that breaks the rules of
 * worker/protocol/channel.h, or says more than policy/flood.h allows, is
 * killed.  What is said to them is in outbox.h.
 */
#ifndef SUPERVISOR_LIFECYCLE_INBOX_H
#define SUPERVISOR_LIFECYCLE_INBOX_H

#include "supervisor/supervisor.h"
#include "worker/protocol/channel.h"

/* Watches the channel of a worker that was just forked. */
void inbox_watch(struct supervisor *supervisor, struct child *child);

/* Reads what a worker said before its end, all of it. */
void inbox_read_last(struct supervisor *supervisor, struct child *child);

/* Closes the channel. */
void inbox_close(struct supervisor *supervisor, struct child *child);

#endif
