/* SPDX-License-Identifier: MIT */
/*
 * start_faults.h - faults in the start of a worker, for lessons and tests
 * (--crash-at-start, --start-delay, --start-lock).
 */
#ifndef SUPERVISOR_SYSTEM_START_FAULTS_H
#define SUPERVISOR_SYSTEM_START_FAULTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct start_faults {
    uint64_t crash_until_us; /* until then, exit with 1; monotonic; 0: never */
    uint64_t delay_us;       /* how long the start takes */
    bool exclusive;          /* hold a lock while starting */
    pid_t supervisor;        /* its workers share the lock */
};

/* Called in the new worker process before worker_run().  Exits with 1 until
 * crash_until_us, and with 75 (EX_TEMPFAIL) if another worker has the lock. */
void start_faults(const struct start_faults *start);

#endif
