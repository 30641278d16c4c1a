/* SPDX-License-Identifier: MIT */
/*
 * obituary.h - logs the exit of a worker.
 */
#ifndef SUPERVISOR_LOG_OBITUARY_H
#define SUPERVISOR_LOG_OBITUARY_H

#include "supervisor/supervisor.h"

struct obituary {
    struct exit_reason reason;
    enum exit_origin origin;
    enum exit_cause cause;
    uint64_t uptime_us;
    uint32_t unfinished;          /* requests begun but not finished */
    uint32_t connections;         /* taken back by the supervisor */
    uint32_t lost;                /* connections lost */
    const struct record *suspect; /* of its current request, or NULL */
    bool working;                 /* the worker was executing `suspect` */
    bool renews;                  /* a fork follows after delay_us */
    uint64_t delay_us;
};

void obituary_write(struct supervisor *supervisor, const struct child *child,
                    const struct obituary *obituary);

#endif
