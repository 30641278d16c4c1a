/* SPDX-License-Identifier: MIT */
/*
 * watched.h - compares the descriptors that a supervisor, or a worker with an
 * event loop, should watch at rest with those in its epoll set, as listed in
 * /proc/PID/fdinfo.
 *
 * At rest a supervisor should watch its signalfd, its eventfd, the pidfd and
 * the channel of each worker, each listener, and, with --handoff request, each
 * connection: for reading, or for writing if its client reads slowly.  A worker
 * should watch its eventfd, its channel, the connections that it keeps, and the
 * listeners that it accepts from.
 */
#ifndef TESTS_KERNELFAULTS_WATCHED_H
#define TESTS_KERNELFAULTS_WATCHED_H

#include "tests/harness/complaint.h"
#include <stdbool.h>
#include <sys/types.h>

/*
 * Returns whether `pid` watches all that it should; complains about the first
 * descriptor that is not watched.  `connections` says whether it should watch
 * its connections.  A result of false may be temporary: call it until a
 * deadline.
 */
bool watched_completely(pid_t pid, bool connections,
                        struct complaint *complaint);

#endif
