/* SPDX-License-Identifier: MIT */
/*
 * launch.h - forks workers: one at a time, for slots before spares.
 *
 * policy/intensity.h must permit each fork.  A fork that the system refuses
 * counts as a failure of the worker, and is tried again after a delay.
 */
#ifndef SUPERVISOR_LIFECYCLE_LAUNCH_H
#define SUPERVISOR_LIFECYCLE_LAUNCH_H

#include "supervisor/supervisor.h"

/* Forks one worker, if one is pending and permitted.  Returns whether another
 * fork may be possible now. */
bool launch_one(struct supervisor *supervisor);

#endif
