/* SPDX-License-Identifier: MIT */
/* worker_events.c - events of workers, connections and requests. */
#include "supervisor/log/events.h"
#include "supervisor/log/fields.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- Workers ---- */

static void write_worker(struct supervisor *supervisor,
                         const struct child *child, enum log_event_id event,
                         enum journal_weight weight, const char *what)
{
    struct journal *journal = fields_open(supervisor, event, weight);

    fields_add_worker(journal, child);
    journal_end(journal, "%s %s", fields_worker(child).text, what);
}

/* Never suppressed: with `exit` they show what each worker did. */
void event_fork(struct supervisor *supervisor, const struct child *child)
{
    write_worker(supervisor, child, LOG_EVENT_FORK, JOURNAL_ALWAYS, "forked");
}

void event_fork_failed(struct supervisor *supervisor, const struct child *child,
                       int error)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_FORK_FAILED, JOURNAL_LIMITED);

    fields_add_worker(journal, child);
    journal_text(journal, "error", strerror(error));
    journal_end(journal, "cannot fork a worker: %s", strerror(error));
}

void event_online(struct supervisor *supervisor, const struct child *child)
{
    write_worker(supervisor, child, LOG_EVENT_ONLINE, JOURNAL_ALWAYS, "online");
}

void event_promote(struct supervisor *supervisor, const struct child *child)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_PROMOTE, JOURNAL_LIMITED);

    fields_add_worker(journal, child);
    journal_end(journal, "spare pid %d takes slot %" PRIu32, (int)child->pid,
                child->slot->number);
}

void event_disconnect(struct supervisor *supervisor, const struct child *child)
{
    write_worker(supervisor, child, LOG_EVENT_DISCONNECT, JOURNAL_LIMITED,
                 "asked to exit");
}

void event_protocol(struct supervisor *supervisor, const struct child *child)
{
    write_worker(supervisor, child, LOG_EVENT_PROTOCOL, JOURNAL_LIMITED,
                 "sent an invalid message and is killed");
}

void event_flood(struct supervisor *supervisor, const struct child *child)
{
    write_worker(supervisor, child, LOG_EVENT_FLOOD, JOURNAL_LIMITED,
                 "sent too many messages and is killed");
}

void event_overdue(struct supervisor *supervisor, const struct child *child)
{
    write_worker(supervisor, child, LOG_EVENT_EXIT_OVERDUE, JOURNAL_LIMITED,
                 "announced its exit, did not exit in time, and is killed");
}

void event_hang(struct supervisor *supervisor, const struct child *child,
                bool stopped)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_HANG, JOURNAL_LIMITED);

    fields_add_worker(journal, child);
    journal_truth(journal, "stopped", stopped);
    journal_end(journal, "%s %s and is killed", fields_worker(child).text,
                stopped ? "is stopped" : "hangs");
}

void event_no_listener(struct supervisor *supervisor, const struct child *child,
                       int error)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_NO_LISTENER, JOURNAL_LIMITED);

    fields_add_worker(journal, child);
    journal_text(journal, "error", strerror(error));
    journal_end(journal, "%s cannot get a listener and is killed: %s",
                fields_worker(child).text, strerror(error));
}

/* An operation on a worker failed; the supervisor retries it later. */
static void write_retry(struct supervisor *supervisor,
                        const struct child *child, enum log_event_id event,
                        const char *what, int error)
{
    struct journal *journal = fields_open(supervisor, event, JOURNAL_LIMITED);

    fields_add_worker(journal, child);
    journal_text(journal, "error", strerror(error));
    journal_end(journal, "%s %s: %s; will retry", fields_worker(child).text,
                what, strerror(error));
}

void event_channel_full(struct supervisor *supervisor,
                        const struct child *child, int error)
{
    write_retry(supervisor, child, LOG_EVENT_CHANNEL_FULL,
                "cannot be sent a message", error);
}

void event_handoff_failed(struct supervisor *supervisor,
                          const struct child *child, int error)
{
    write_retry(supervisor, child, LOG_EVENT_HANDOFF_FAILED,
                "cannot be handed a connection", error);
}

void event_kill_failed(struct supervisor *supervisor, const struct child *child,
                       int error)
{
    write_retry(supervisor, child, LOG_EVENT_KILL_FAILED, "cannot be killed",
                error);
}

void event_impossible(struct supervisor *supervisor, const struct child *child,
                      enum worker_event event)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_BAD_TRANSITION, JOURNAL_LIMITED);

    fields_add_worker(journal, child);
    journal_text(journal, "state", worker_state_name(child->state));
    journal_text(journal, "lifecycle_event", worker_event_name(event));
    journal_end(journal,
                "%s: event \"%s\" in state \"%s\" (a bug in the supervisor)",
                fields_worker(child).text, worker_event_name(event),
                worker_state_name(child->state));
}

/* ---- Connections ---- */

void event_resume_request(struct supervisor *supervisor, uint64_t number,
                          enum record_state state, const struct child *child)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_RESUME_REQUEST, JOURNAL_LIMITED);

    journal_number(journal, "connection", (int64_t)number);
    journal_text(journal, "state", record_state_name(state));
    fields_add_worker(journal, child);
    journal_end(journal, "%s resumes connection %" PRIu64 ", state %s",
                fields_worker(child).text, number, record_state_name(state));
}

void event_refusal(struct supervisor *supervisor, uint64_t number,
                   unsigned status, const char *why,
                   const struct record *record)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_REFUSE, JOURNAL_LIMITED);

    journal_number(journal, "connection", (int64_t)number);
    journal_number(journal, "status", status);
    journal_text(journal, "why", why);
    if (record)
        journal_bytes(journal, "request", record->line, record->line_bytes);
    journal_end(journal, "connection %" PRIu64 " gets %u: %s", number, status,
                why);
}

void event_invalid(struct supervisor *supervisor, uint64_t number,
                   const char *why)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_RECORD_INVALID, JOURNAL_LIMITED);

    journal_number(journal, "connection", (int64_t)number);
    journal_text(journal, "why", why);
    journal_end(journal,
                "connection %" PRIu64 " closed: its record is invalid: %s",
                number, why);
}

void event_unclear(struct supervisor *supervisor, uint64_t number)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_UNCLEAR, JOURNAL_LIMITED);

    journal_number(journal, "connection", (int64_t)number);
    journal_end(journal,
                "connection %" PRIu64 " closed: its worker was killed during a "
                "transfer on a Unix socket, and the number of bytes is not "
                "known",
                number);
}

void event_invalid_account(struct supervisor *supervisor,
                           const struct child *child, const char *why)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_RECORD_INVALID, JOURNAL_LIMITED);

    fields_add_worker(journal, child);
    journal_text(journal, "why", why);
    journal_end(journal,
                "%s is not counted: its account of its connections is "
                "invalid: %s",
                fields_worker(child).text, why);
}

void event_quarantine(struct supervisor *supervisor, const char *scope,
                      struct slice line)
{
    bool whole_line = strcmp(scope, "line") == 0;
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_QUARANTINE, JOURNAL_ALWAYS);
    size_t shown =
        line.bytes < RECORD_LINE_BYTES ? line.bytes : RECORD_LINE_BYTES;

    journal_text(journal, "scope", scope);
    journal_ms(journal, "time_ms", supervisor->options->quarantine_us);
    journal_bytes(journal, "request", line.at, shown);
    journal_end(journal,
                "%s with line %s refused for %" PRIu64
                " ms: %s crashed too many workers",
                whole_line ? "requests" : "a request",
                fields_request(line.at, shown).text,
                supervisor->options->quarantine_us / 1000,
                whole_line ? "several of them" : "it");
}
