/*
 * watches.h - what to do when the kernel refuses to watch a descriptor.
 *
 * epoll_ctl(2) fails for want of memory, or of watches (its ENOSPC).  libev
 * then stops the watcher and calls it with EV_ERROR, as if everything had
 * happened on it.  Nothing has: a client that is taken for gone would be lost,
 * a port never looked at again.  So whoever is called asks here first; what is
 * to be watched and is not is started again, a little later, until the kernel
 * agrees.
 */
#ifndef SUPERVISOR_WATCHES_H
#define SUPERVISOR_WATCHES_H

#include "supervisor/supervisor.h"

/* Before the loop runs. */
void watches_start(struct supervisor *supervisor);

/* Asked first by every callback of a descriptor: true if it was called because
 * the kernel refused, and is to do nothing. */
bool watches_refused(struct supervisor *supervisor, int revents);

/* The last thing before the loop tells the kernel what to watch. */
void watches_expect(void);

#endif
