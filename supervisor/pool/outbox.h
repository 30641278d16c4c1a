/* SPDX-License-Identifier: MIT */
/*
 * outbox.h - messages to a worker, except handoffs (dispatch.h).
 *
 * Never blocks.  A message that the channel does not take is kept, and sent
 * when the channel takes messages again.
 */
#ifndef SUPERVISOR_POOL_OUTBOX_H
#define SUPERVISOR_POOL_OUTBOX_H

#include "supervisor/supervisor.h"
#include "worker/protocol/channel.h"

/* Sends a message of `kind`, with the slot of the child and no other data.
 * Returns 0, or the errno of the channel.  After an error the message is sent
 * later, except a PING, which is dropped. */
int outbox_send(struct child *child, enum channel_kind kind);

/* Sends CHANNEL_TOTAL: the value of the counter, for the request in `record`.
 */
void outbox_send_total(struct child *child, uint32_t record, uint64_t total);

/* Call when the record was freed: drops its unsent CHANNEL_TOTAL. */
void outbox_forget_total(struct child *child, uint32_t record);

/* Call when the channel did not take a message, with the errno of
 * channel_send().  Sets child->channel_full until the worker can be sent
 * messages again; kills a worker that closed its channel. */
void outbox_channel_full(struct child *child, int error);

/* Call after the channel was opened, and before it is closed. */
void outbox_open(struct child *child);
void outbox_close(struct child *child);

#endif
