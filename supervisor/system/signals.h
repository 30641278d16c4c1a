/*
 * signals.h - the supervisor's signals, as readable events.
 *
 * Blocked for good and read from a signalfd(2), so no handler ever runs, and
 * libev's own signal handling, which a forked worker would share, stays unused.
 */
#ifndef SUPERVISOR_SYSTEM_SIGNALS_H
#define SUPERVISOR_SYSTEM_SIGNALS_H

/*
 * Blocks TERM, INT, QUIT, HUP, USR1 and USR2 and returns a non-blocking
 * descriptor that tells them; ignores, for itself and its children, what would
 * otherwise end the process and means nothing here (PIPE, ALRM, ...).  The
 * descriptor is the caller's to close. Returns -1 with errno set on failure.
 */
int signals_open(void);

/* The next signal that came, or 0. */
int signals_next(int fd);

#endif
