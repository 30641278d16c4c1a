/*
 * setup.h - everything that is there before the first fork: the port, the
 * log, the loop, the tables.
 *
 * Nothing happens here yet, and nothing any more: no worker lifetimes before it
 * is open, nor when it is closed.
 */
#ifndef SUPERVISOR_SETUP_H
#define SUPERVISOR_SETUP_H

#include "supervisor/supervisor.h"

/* Opens all of it.  Returns 0; or -1 when the system refused something, which
 * has been said on standard error, and then too setup_close() closes what
 * there is. */
int setup_open(struct supervisor *supervisor);
void setup_close(struct supervisor *supervisor);

#endif
