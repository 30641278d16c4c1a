/*
 * watchdog.h - finds the workers that hang, and ends them.
 *
 * A worker hangs when its heartbeat has stood still for --request-timeout. Slow
 * is not hung: a handler that waits lets its loop turn.
 */
#ifndef SUPERVISOR_POOL_WATCHDOG_H
#define SUPERVISOR_POOL_WATCHDOG_H

#include "supervisor/supervisor.h"

/* Looks after every worker from now on. */
void watchdog_start(struct supervisor *supervisor);

#endif
