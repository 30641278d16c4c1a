/* SPDX-License-Identifier: MIT */
/*
 * signals.h - receives the supervisor's signals through a signalfd(2).
 *
 * libev's signal handling is not used: forked workers would share it.
 */
#ifndef SUPERVISOR_SYSTEM_SIGNALS_H
#define SUPERVISOR_SYSTEM_SIGNALS_H

/*
 * Blocks TERM, INT, QUIT, HUP, USR1 and USR2.  Ignores, also for children,
 * other signals that would end the process (PIPE, ALRM, ...). Returns a
 * non-blocking signalfd that the caller must close; or -1 with errno set.
 */
int signals_open(void);

/* Returns the next pending signal, or 0. */
int signals_next(int fd);

#endif
