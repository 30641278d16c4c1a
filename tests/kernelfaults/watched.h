/*
 * watched.h - compares the descriptors that a process at rest should watch
 * with those in its epoll set, as /proc/PID/fdinfo lists them: a supervisor, or
 * a worker that has a loop.
 *
 * At rest a supervisor should watch its signalfd, its eventfd, the pidfd and
 * the channel of each worker, each listener; and each connection, if it is
 * handed over request by request: for reading, or for writing if its client is
 * slow to read.  A connection that a worker keeps is watched by that worker,
 * as are its eventfd, its channel and the listeners that it accepts from.
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
