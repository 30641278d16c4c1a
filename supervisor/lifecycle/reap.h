/* SPDX-License-Identifier: MIT */
/*
 * reap.h - handles the exit of a worker: reaps it, reclaims its connections,
 * and decides whether it is replaced.
 *
 * The connections and the arena belong to the worker until it has been reaped
 * and its last messages have been read.
 */
#ifndef SUPERVISOR_LIFECYCLE_REAP_H
#define SUPERVISOR_LIFECYCLE_REAP_H

#include "supervisor/supervisor.h"

/* Call after a fork: handles the exit of the worker when it comes. */
void reap_watch(struct supervisor *supervisor, struct child *child);

#endif
