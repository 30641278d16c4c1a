/* SPDX-License-Identifier: MIT */
/*
 * std_fds.h - keeps the descriptors 0, 1 and 2 open.
 */
#ifndef SUPERVISOR_SYSTEM_STD_FDS_H
#define SUPERVISOR_SYSTEM_STD_FDS_H

/*
 * Opens /dev/null read-only as each of them that is closed.  Otherwise a
 * listener could get such a number, stay open in every child, and receive the
 * log. Writing still fails with EBADF.  Must be called before any descriptor is
 * opened.
 */
void std_fds_open(void);

#endif
