/* SPDX-License-Identifier: MIT */
/*
 * rewatch.h - what to do when the kernel refuses to watch a descriptor.
 *
 * epoll_ctl(2) can fail with ENOMEM or ENOSPC.  libev then stops the watcher
 * and calls its callback with EV_ERROR and all events set, although none has
 * occurred.  A callback that took them for events would lose a client, or never
 * look at the port again.  So each callback calls rewatch_refused() first.  The
 * watchers are started again after a pause (policy/pause.h), and once more
 * after each further pause, until the kernel refused none during a whole pause.
 */
#ifndef SUPERVISOR_POOL_REWATCH_H
#define SUPERVISOR_POOL_REWATCH_H

#include "supervisor/supervisor.h"

/* Call after the timers are initialised, before the loop runs.  After each
 * pause, rewatch_connections() must call rewatch() for every descriptor of the
 * port and of connections that should be watched. */
void rewatch_start(struct supervisor *supervisor,
                   void (*rewatch_connections)(struct supervisor *supervisor));

/* Starts the watcher again if the kernel has refused it. */
void rewatch(struct supervisor *supervisor, ev_io *watcher);

/* Call first in the callback of every ev_io.  Returns true if the callback was
 * called because the kernel refused to watch the descriptor; the callback must
 * then return without doing anything. */
bool rewatch_refused(struct supervisor *supervisor, int revents);

#endif
