/* SPDX-License-Identifier: MIT */
/*
 * watchdog.h - finds workers that hang, and kills them.
 *
 * A worker hangs if its heartbeat has not changed for --request-timeout.  Every
 * turn of its loop changes the heartbeat, so a handler that waits in the loop
 * is slow, but does not hang.
 */
#ifndef SUPERVISOR_POOL_WATCHDOG_H
#define SUPERVISOR_POOL_WATCHDOG_H

#include "supervisor/supervisor.h"

void watchdog_start(struct supervisor *supervisor);

#endif
