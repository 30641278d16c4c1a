/*
 * outbox.h - what is said to a worker beside the handing over of connections
 * (dispatch.h), and said again if its channel had no capacity.
 *
 * Never waits for a worker.
 */
#ifndef SUPERVISOR_POOL_OUTBOX_H
#define SUPERVISOR_POOL_OUTBOX_H

#include "supervisor/supervisor.h"
#include "worker/protocol/channel.h"

/* Says `kind`, which needs no more than the slot.  A worker that takes no
 * message now is told once it does; but a PING is not said later: then this
 * returns the error, else 0. */
int outbox_send(struct child *child, enum channel_kind kind);

/* Says what the counter came to, for the request in that record; once there is
 * room, if there is none now. */
void outbox_send_total(struct child *child, uint32_t record, uint64_t total);

/* The connection in that record is not the worker's any more: nothing need be
 * told of it. */
void outbox_forget_total(struct child *child, uint32_t record);

/* The worker's channel has just refused a message with errno, or its arena has
 * no response area (EBUSY): leaves the worker alone until it takes some
 * again. */
void outbox_channel_full(struct supervisor *supervisor, struct child *child);

/* A worker was forked, whose channel is open; it is about to be closed. */
void outbox_open(struct child *child);
void outbox_close(struct child *child);

#endif
