/* SPDX-License-Identifier: MIT */
/*
 * setup.h - opens everything that is needed before the first fork: the port,
 * the log, the loop, the tables.
 */
#ifndef SUPERVISOR_SETUP_H
#define SUPERVISOR_SETUP_H

#include "supervisor/supervisor.h"

/* Returns 0; or -1 after one line on standard error.  Call setup_close() in
 * both cases. */
int setup_open(struct supervisor *supervisor);

/* Call when no worker is alive. */
void setup_close(struct supervisor *supervisor);

#endif
