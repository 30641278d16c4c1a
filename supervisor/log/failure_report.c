/* SPDX-License-Identifier: MIT */
/* failure_report.c - see failure_report.h. */
#include "supervisor/log/failure_report.h"
#include "supervisor/log/fields.h"
#include "supervisor/policy/signal_name.h"
#include "worker/clock.h"
#include <inttypes.h>
#include <stdio.h>

/* "own exit, code 1, signal null", "other failures" */
static struct fields_text kind_text(const struct failure_kind *kind,
                                    bool others)
{
    struct fields_text text;

    if (others)
        snprintf(text.text, sizeof(text.text), "other failures");
    else if (kind->signal)
        snprintf(text.text, sizeof(text.text), "%s, code null, signal %s",
                 exit_cause_name(kind->cause), signal_name(kind->signal));
    else
        snprintf(text.text, sizeof(text.text), "%s, code %d, signal null",
                 exit_cause_name(kind->cause), kind->code);
    return text;
}

static void add_kind(struct journal *journal, const struct failure_kind *kind,
                     bool others)
{
    journal_text(journal, "cause",
                 others ? "others" : exit_cause_name(kind->cause));
    if (others || kind->signal)
        journal_null(journal, "code");
    else
        journal_number(journal, "code", kind->code);
    journal_text(journal, "signal", others ? NULL : signal_name(kind->signal));
}

static void report_kind(struct supervisor *supervisor,
                        const struct failure_kind *kind, bool others)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_FAILURE, JOURNAL_ALWAYS);
    uint64_t now_us = clock_monotonic_us();
    uint64_t last_hour = failures_last_hour(kind, now_us);
    uint64_t first_us = now_us - kind->first_us;
    uint64_t last_us = now_us - kind->last_us;

    add_kind(journal, kind, others);
    journal_number(journal, "count", (int64_t)kind->count);
    journal_number(journal, "last_hour", (int64_t)last_hour);
    journal_ms(journal, "first_ms_ago", first_us);
    journal_ms(journal, "last_ms_ago", last_us);
    journal_number(journal, "responses", (int64_t)kind->responses);
    journal_end(journal,
                "failure: %s: %" PRIu64 " times, %" PRIu64
                " in the last hour; first %" PRIu64 " s ago, last %" PRIu64
                " s ago; after %.1f responses on average",
                kind_text(kind, others).text, kind->count, last_hour,
                first_us / 1000000, last_us / 1000000,
                (double)kind->responses / (double)kind->count);
}

void failure_report(struct supervisor *supervisor)
{
    const struct failures *failures = &supervisor->failures;

    for (uint32_t i = 0; i < failures->kind_count; i++)
        report_kind(supervisor, &failures->kinds[i], i == FAILURES_KINDS);
}

static void on_report_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)loop;
    (void)revents;
    failure_report(timer->data);
}

void failure_report_start(struct supervisor *supervisor)
{
    double every_s = (double)supervisor->options->report_every_us / 1e6;

    ev_timer_init(&supervisor->report_timer, on_report_timer, every_s, every_s);
    supervisor->report_timer.data = supervisor;
    if (every_s > 0)
        ev_timer_start(supervisor->loop, &supervisor->report_timer);
}
