/*
 * std_fds.h - the descriptors 0, 1 and 2 of a program.
 */
#ifndef SUPERVISOR_SYSTEM_STD_FDS_H
#define SUPERVISOR_SYSTEM_STD_FDS_H

/*
 * Fills those that are closed, as some start a daemon: else the next thing to
 * be opened, a listener say, would get the number, be left open in every child,
 * and get what is written as a log.  They read as empty, and fail what is
 * written with EBADF, as before.  To be called first of all.
 */
void std_fds_open(void);

#endif
