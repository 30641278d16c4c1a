/*
 * reload.h - renews every worker, one after the other, without a gap.
 *
 * A worker is asked to leave, finishes what it has in hand, and the next one is
 * asked only when its successor is online: where new workers cannot start, the
 * old ones stay, and so they do amid a crash loop.  Spares come first, so
 * that who takes a slot is new.
 */
#ifndef SUPERVISOR_LIFECYCLE_RELOAD_H
#define SUPERVISOR_LIFECYCLE_RELOAD_H

#include "supervisor/supervisor.h"

/* From now on every worker there is, spares included, is outdated.  Does
 * nothing once the end has begun. */
void reload_begin(struct supervisor *supervisor);

/* Each turn of the loop: goes on as far as it can. */
void reload_continue(struct supervisor *supervisor);

#endif
