/*
 * failures.h - what an owner has to know of: which failures, how often, since
 * when.
 *
 * Pure.  Restarts keep a service available and so hide what ails it.  Kinds of
 * ends that nobody wanted are told apart by cause, code and signal, and counted
 * for good and for the last hour, minute by minute.
 */
#ifndef SUPERVISOR_POLICY_FAILURES_H
#define SUPERVISOR_POLICY_FAILURES_H

#include "supervisor/policy/exit_reason.h"
#include <stdint.h>

/* Kinds told apart; all others fall into one more. */
#define FAILURES_KINDS   15
#define FAILURES_MINUTES 60

struct failure_kind {
    enum exit_cause cause;
    int code, signal; /* as in struct exit_reason */
    uint64_t count;
    uint64_t responses; /* that those workers had given */
    uint64_t first_us, last_us;
    uint64_t minute;                    /* of last_us, since the clock's zero */
    uint32_t minutes[FAILURES_MINUTES]; /* counts; by minute, modulo */
};

struct failures {
    uint32_t kind_count;
    struct failure_kind kinds[FAILURES_KINDS + 1]; /* in order of appearance;
                                                      the last: all others */
};

/* A worker ended unasked at `now_us`, which never goes back. */
void failures_note(struct failures *failures, enum exit_cause cause,
                   struct exit_reason reason, uint64_t responses,
                   uint64_t now_us);

/* Those of the last 60 minutes, the one that runs included. */
uint64_t failures_last_hour(const struct failure_kind *kind, uint64_t now_us);

#endif
