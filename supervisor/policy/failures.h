/* SPDX-License-Identifier: MIT */
/*
 * failures.h - counts failures by kind.
 *
 * Pure.  A kind is a cause, an exit code and a signal.  Counts are kept for the
 * whole run and for the last hour.  All times are monotonic.
 */
#ifndef SUPERVISOR_POLICY_FAILURES_H
#define SUPERVISOR_POLICY_FAILURES_H

#include "supervisor/policy/exit_reason.h"
#include <stdint.h>

/* Max. number of kinds; all further kinds are counted as one. */
#define FAILURES_KINDS   15
#define FAILURES_MINUTES 60

struct failure_kind {
    enum exit_cause cause;
    int code, signal; /* as in struct exit_reason */
    uint64_t count;
    uint64_t responses; /* that these workers sent */
    uint64_t first_us, last_us;
    uint64_t minute;                    /* of last_us */
    uint32_t minutes[FAILURES_MINUTES]; /* counts, by minute modulo 60 */
};

struct failures {
    uint32_t kind_count;
    struct failure_kind kinds[FAILURES_KINDS + 1]; /* the last: all others */
};

/* Notes the failure of a worker that had sent `responses`.  `now_us` must not
 * decrease from call to call. */
void failures_note(struct failures *failures, enum exit_cause cause,
                   struct exit_reason reason, uint64_t responses,
                   uint64_t now_us);

/* Returns the count of the last 60 minutes, including the current one. */
uint64_t failures_last_hour(const struct failure_kind *kind, uint64_t now_us);

#endif
