/* SPDX-License-Identifier: MIT */
/*
 * reload.h - replaces every worker, one after the other, while serving.
 *
 * A worker is drained, and the next one only when its successor is online: if
 * new workers cannot start, or during a crash loop, the old ones stay.
 */
#ifndef SUPERVISOR_LIFECYCLE_RELOAD_H
#define SUPERVISOR_LIFECYCLE_RELOAD_H

#include "supervisor/supervisor.h"

/* Marks every living worker, spares included, as stale.  Does nothing during
 * the shutdown. */
void reload_begin(struct supervisor *supervisor);

/* Call in each turn of the loop: drains the next stale worker if possible. */
void reload_continue(struct supervisor *supervisor);

#endif
