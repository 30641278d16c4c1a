/*
 * launch.h - how workers come: one fork at a time, slots before spares.
 *
 * Asks policy/intensity.h for a permit each time.  A fork that the system
 * refuses is a failure like any other, never the end.
 */
#ifndef SUPERVISOR_LIFECYCLE_LAUNCH_H
#define SUPERVISOR_LIFECYCLE_LAUNCH_H

#include "supervisor/supervisor.h"

/* Forks one worker, if one is wanted and permitted.  Returns whether there may
 * be more to fork at once. */
bool launch_one(struct supervisor *supervisor);

#endif
