/*
 * rewatch.h - what to do when the kernel refuses to watch a descriptor.
 *
 * epoll_ctl(2) can fail with ENOMEM or ENOSPC.  libev then stops the watcher
 * and calls its callback with EV_ERROR and all events set, although none has
 * occurred.  A callback that took them for events would lose a client, or never
 * look at the port again.  So each callback asks rewatch_refused() first.  What
 * should be watched and is not is started again after a pause (policy/pause.h),
 * until a pause has passed in which the kernel refused nothing.
 */
#ifndef SUPERVISOR_POOL_REWATCH_H
#define SUPERVISOR_POOL_REWATCH_H

#include "supervisor/supervisor.h"

/* Call after the timers are initialised, before the loop runs. */
void rewatch_start(struct supervisor *supervisor);

/* Every callback of a descriptor asks first: returns true if it was called
 * because the kernel refused to watch the descriptor; it must then do
 * nothing. */
bool rewatch_refused(struct supervisor *supervisor, int revents);

#endif
