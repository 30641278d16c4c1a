/* SPDX-License-Identifier: MIT */
/*
 * inbox.h - messages from workers; outbox.h has the messages to workers.
 *
 * Messages are untrusted input: a worker that breaks the rules of
 * worker/protocol/channel.h, or sends more than policy/flood.h allows, is
 * killed.
 */
#ifndef SUPERVISOR_LIFECYCLE_INBOX_H
#define SUPERVISOR_LIFECYCLE_INBOX_H

#include "supervisor/supervisor.h"
#include "worker/protocol/channel.h"

/* Call after a fork: watches the channel, and allows messages and handoffs
 * to the worker. */
void inbox_watch(struct supervisor *supervisor, struct child *child);

/* Call after the worker was reaped: reads all messages that it left. */
void inbox_read_last(struct supervisor *supervisor, struct child *child);

/* Closes the outbox and the channel. */
void inbox_close(struct supervisor *supervisor, struct child *child);

#endif
