/*
 * obituary.h - how the exit of a worker reads, as text and as JSON.
 *
 * Code and signal are two fields to the end; a cause that isn't known is not
 * claimed.
 */
#ifndef SUPERVISOR_LOG_OBITUARY_H
#define SUPERVISOR_LOG_OBITUARY_H

#include "supervisor/supervisor.h"

/* What is said of a worker's end beside the child itself. */
struct obituary {
    struct exit_reason reason;
    enum exit_origin origin;
    enum exit_cause cause;
    uint64_t uptime_us;
    uint32_t in_hand;             /* requests begun and not ended */
    uint32_t connections;         /* handed on */
    uint32_t lost;                /* connections that ended with it */
    const struct record *suspect; /* what it worked on just then, or NULL */
    bool working;                 /* it did work on that one */
    bool renews;                  /* a fork follows, after ... */
    uint64_t delay_us;
};

void obituary_write(struct supervisor *supervisor, const struct child *child,
                    const struct obituary *obituary);

#endif
