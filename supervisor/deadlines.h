/*
 * deadlines.h - how long a connection may wait where, and what then.
 */
#ifndef SUPERVISOR_DEADLINES_H
#define SUPERVISOR_DEADLINES_H

#include "supervisor/supervisor.h"

/* Makes the lists, each with its timeout.  Comes before the port is opened to
 * connections. */
void deadlines_set(struct supervisor *supervisor);

#endif
