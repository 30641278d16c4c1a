/* SPDX-License-Identifier: MIT */
/* obituary.c - see obituary.h. */
#include "supervisor/log/obituary.h"
#include "supervisor/log/fields.h"
#include "supervisor/policy/signal_name.h"
#include <inttypes.h>
#include <stdio.h>

/* ---- JSON fields ---- */

static void add_reason(struct journal *journal, struct exit_reason reason)
{
    if (reason.signal)
        journal_null(journal, "code");
    else
        journal_number(journal, "code", reason.code);
    journal_text(journal, "signal", signal_name(reason.signal));
    journal_truth(journal, "core", reason.core);
}

static void add_origin(struct journal *journal, enum exit_origin origin)
{
    journal_text(journal, "sent_by",
                 origin == ORIGIN_UNKNOWN ? NULL : exit_origin_name(origin));
}

static void add_obituary(struct journal *journal, const struct child *child,
                         const struct obituary *obituary)
{
    const struct record *suspect = obituary->suspect;

    add_reason(journal, obituary->reason);
    add_origin(journal, obituary->origin);
    journal_truth(journal, "voluntary", child->last_request == REQUESTED_DRAIN);
    journal_ms(journal, "uptime_ms", obituary->uptime_us);
    journal_number(journal, "responses", (int64_t)child->responses);
    journal_number(journal, "unfinished", obituary->unfinished);
    if (suspect)
        journal_bytes(journal, "request", suspect->line, suspect->line_bytes);
    else
        journal_null(journal, "request");
    journal_number(journal, "connections", obituary->connections);
    journal_number(journal, "lost", obituary->lost);
    journal_text(journal, "cause", exit_cause_name(obituary->cause));
    if (obituary->renews)
        journal_ms(journal, "delay_ms", obituary->delay_us);
    else
        journal_null(journal, "delay_ms");
}

/* ---- Text ---- */

/* "code 1, signal null" */
static struct fields_text reason_text(struct exit_reason reason)
{
    struct fields_text text;

    if (reason.signal)
        snprintf(text.text, sizeof(text.text), "code null, signal %s%s",
                 signal_name(reason.signal),
                 reason.core ? " (core dumped)" : "");
    else
        snprintf(text.text, sizeof(text.text), "code %d, signal null",
                 reason.code);
    return text;
}

/* Only an unexpected sender is mentioned. */
static const char *origin_text(enum exit_origin origin)
{
    return origin == ORIGIN_OTHER ? " sent by another process" : "";
}

/* "; fork now", "; fork in 200 ms", "" */
static struct fields_text next_text(const struct obituary *obituary)
{
    struct fields_text text = { "" };

    if (obituary->renews && obituary->delay_us == 0)
        snprintf(text.text, sizeof(text.text), "; fork now");
    else if (obituary->renews)
        snprintf(text.text, sizeof(text.text), "; fork in %" PRIu64 " ms",
                 (obituary->delay_us + 500) / 1000);
    return text;
}

/* ", 3 connections lost" */
static struct fields_text loss_text(const struct obituary *obituary)
{
    struct fields_text text = { "" };

    if (obituary->lost)
        snprintf(text.text, sizeof(text.text),
                 ", %" PRIu32 " connection%s lost", obituary->lost,
                 obituary->lost == 1 ? "" : "s");
    return text;
}

void obituary_write(struct supervisor *supervisor, const struct child *child,
                    const struct obituary *obituary)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_EXIT, JOURNAL_ALWAYS);
    const struct record *suspect = obituary->suspect;

    fields_add_worker(journal, child);
    add_obituary(journal, child, obituary);
    journal_end(
        journal,
        "%s exited: %s%s, up %" PRIu64 " ms, %" PRIu64 " response%s%s%s%s%s",
        fields_worker(child).text, reason_text(obituary->reason).text,
        origin_text(obituary->origin), obituary->uptime_us / 1000,
        child->responses, child->responses == 1 ? "" : "s",
        suspect ? ", during " : "",
        suspect ? fields_request(suspect->line, suspect->line_bytes).text : "",
        loss_text(obituary).text, next_text(obituary).text);
}
