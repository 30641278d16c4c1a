/*
 * start_faults.h - what a worker may have to go through before it is online, on
 * demand: for lessons and tests.
 *
 * Runs in the worker's process, before anything of the worker's.
 */
#ifndef SUPERVISOR_POOL_START_FAULTS_H
#define SUPERVISOR_POOL_START_FAULTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct start_faults {
    uint64_t crash_until_us; /* monotonic; before that it exits with code 1 */
    uint64_t delay_us;       /* it takes this long to start */
    bool exclusive;              /* what it needs meanwhile is there but once */
    pid_t supervisor;        /* whose workers share that */
};

/* Returns once the worker may go on.  Exits with 1 if it is to crash, and with
 * 75 (EX_TEMPFAIL) if another worker has what it needs. */
void start_faults(const struct start_faults *start);

#endif
