/* SPDX-License-Identifier: MIT */
/* failures.c - see failures.h. */
#include "supervisor/policy/failures.h"
#include <stdbool.h>
#include <string.h>

#define MINUTE_US (60 * UINT64_C(1000000))

static bool is_kind(const struct failure_kind *kind, enum exit_cause cause,
                    struct exit_reason reason)
{
    return kind->cause == cause && kind->code == reason.code &&
           kind->signal == reason.signal;
}

static struct failure_kind *find(struct failures *failures,
                                 enum exit_cause cause,
                                 struct exit_reason reason, uint64_t now_us)
{
    struct failure_kind *kind = failures->kinds;
    struct failure_kind *end = kind + failures->kind_count;

    while (kind < end && !is_kind(kind, cause, reason))
        kind++;
    if (kind > &failures->kinds[FAILURES_KINDS])
        return &failures->kinds[FAILURES_KINDS];
    if (kind == end) {
        *kind = (struct failure_kind){ .cause = cause,
                                       .code = reason.code,
                                       .signal = reason.signal,
                                       .first_us = now_us,
                                       .minute = now_us / MINUTE_US };
        failures->kind_count++;
    }
    return kind;
}

/* Clears the counts of the minutes after `kind->minute`, up to `minute`. */
static void clear_since(struct failure_kind *kind, uint64_t minute)
{
    if (minute - kind->minute >= FAILURES_MINUTES)
        memset(kind->minutes, 0, sizeof(kind->minutes));
    else
        for (uint64_t m = kind->minute + 1; m <= minute; m++)
            kind->minutes[m % FAILURES_MINUTES] = 0;
    kind->minute = minute;
}

void failures_note(struct failures *failures, enum exit_cause cause,
                   struct exit_reason reason, uint64_t responses,
                   uint64_t now_us)
{
    struct failure_kind *kind = find(failures, cause, reason, now_us);

    clear_since(kind, now_us / MINUTE_US);
    kind->minutes[kind->minute % FAILURES_MINUTES]++;
    kind->count++;
    kind->responses += responses;
    kind->last_us = now_us;
}

uint64_t failures_last_hour(const struct failure_kind *kind, uint64_t now_us)
{
    struct failure_kind copy = *kind;
    uint64_t sum = 0;

    clear_since(&copy, now_us / MINUTE_US);
    for (int m = 0; m < FAILURES_MINUTES; m++)
        sum += copy.minutes[m];
    return sum;
}
