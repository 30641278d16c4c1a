/*
 * reap.h - how workers go: reaped, inherited from, judged, replaced.
 *
 * Touches what a worker held only once it was reaped and its last words were
 * read: until then all of it is the worker's.
 */
#ifndef SUPERVISOR_LIFECYCLE_REAP_H
#define SUPERVISOR_LIFECYCLE_REAP_H

#include "supervisor/supervisor.h"

/* Watches for the end of a worker that was just forked. */
void reap_watch(struct supervisor *supervisor, struct child *child);

#endif
