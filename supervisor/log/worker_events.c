/* worker_events.c - a worker's life, and what became of its connections. */
#include "supervisor/log/events.h"
#include "supervisor/log/fields.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- A worker's life ---- */

/* What is said of a worker in one field: itself. */
static void say_of(struct supervisor *supervisor, const struct berth *berth,
                   const char *event, const char *what)
{
    struct journal *journal = phrase_open(supervisor, event, JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_end(journal, "%s %s", phrase_worker(berth).text, what);
}

void wording_fork(struct supervisor *supervisor, const struct berth *berth)
{
    say_of(supervisor, berth, "fork", "forked");
}

void wording_fork_failed(struct supervisor *supervisor,
                         const struct berth *berth, int error)
{
    struct journal *journal =
        phrase_open(supervisor, "fork-failed", JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_text(journal, "error", strerror(error));
    journal_end(journal, "cannot fork a worker: %s", strerror(error));
}

void wording_online(struct supervisor *supervisor, const struct berth *berth)
{
    say_of(supervisor, berth, "online", "online");
}

void wording_promote(struct supervisor *supervisor, const struct berth *berth)
{
    struct journal *journal =
        phrase_open(supervisor, "promote", JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_end(journal, "spare pid %d takes slot %" PRIu32, (int)berth->pid,
                berth->slot->number);
}

void wording_disconnect(struct supervisor *supervisor,
                        const struct berth *berth)
{
    say_of(supervisor, berth, "disconnect", "asked to leave");
}

void wording_protocol(struct supervisor *supervisor, const struct berth *berth)
{
    say_of(supervisor, berth, "protocol", "broke the protocol and is killed");
}

void wording_flood(struct supervisor *supervisor, const struct berth *berth)
{
    say_of(supervisor, berth, "flood",
           "sends more messages than a sound worker and is killed");
}

void wording_overdue(struct supervisor *supervisor, const struct berth *berth)
{
    say_of(supervisor, berth, "exit-overdue",
           "said that it leaves, has not, and is killed");
}

void wording_hang(struct supervisor *supervisor, const struct berth *berth,
                  bool stopped)
{
    struct journal *journal = phrase_open(supervisor, "hang", JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_truth(journal, "stopped", stopped);
    journal_end(journal, "%s %s and is killed", phrase_worker(berth).text,
                stopped ? "is stopped" : "hangs");
}

void wording_no_listener(struct supervisor *supervisor,
                         const struct berth *berth, int error)
{
    struct journal *journal =
        phrase_open(supervisor, "no-listener", JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_text(journal, "error", strerror(error));
    journal_end(journal, "%s cannot be given a listener and is killed: %s",
                phrase_worker(berth).text, strerror(error));
}

/* What could not be done to a worker now, and will be tried again. */
static void say_later(struct supervisor *supervisor, const struct berth *berth,
                      const char *event, const char *what, int error)
{
    struct journal *journal = phrase_open(supervisor, event, JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_text(journal, "error", strerror(error));
    journal_end(journal, "%s %s: %s; tried again soon",
                phrase_worker(berth).text, what, strerror(error));
}

void wording_choked(struct supervisor *supervisor, const struct berth *berth,
                    int error)
{
    say_later(supervisor, berth, "channel-full", "cannot be told anything",
              error);
}

void wording_unkilled(struct supervisor *supervisor, const struct berth *berth,
                      int error)
{
    say_later(supervisor, berth, "kill-failed", "cannot be killed", error);
}

void wording_impossible(struct supervisor *supervisor,
                        const struct berth *berth, enum worker_event event)
{
    struct journal *journal =
        phrase_open(supervisor, "bad-transition", JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_text(journal, "state", worker_state_name(berth->state));
    journal_text(journal, "lifecycle_event", worker_event_name(event));
    journal_end(journal, "%s: \"%s\" cannot happen while %s; a bug",
                phrase_worker(berth).text, worker_event_name(event),
                worker_state_name(berth->state));
}

/* ---- Connections ---- */

void wording_take_up(struct supervisor *supervisor, const struct held *held,
                     const struct berth *berth)
{
    enum record_state state = record_load(&held->left->record).state;
    struct journal *journal =
        phrase_open(supervisor, "resume-request", JOURNAL_LIMITED);

    journal_number(journal, "connection", (int64_t)held->number);
    journal_text(journal, "state", record_state_name(state));
    phrase_add_worker(journal, berth);
    journal_end(journal, "%s takes connection %" PRIu64 " up, %s",
                phrase_worker(berth).text, held->number,
                record_state_name(state));
}

void wording_refusal(struct supervisor *supervisor, const struct held *held,
                     const char *why)
{
    struct journal *journal =
        phrase_open(supervisor, "refuse", JOURNAL_LIMITED);

    journal_number(journal, "connection", (int64_t)held->number);
    journal_number(journal, "status", held->refusal);
    journal_text(journal, "why", why);
    if (held->left)
        journal_bytes(journal, "request", held->left->record.line,
                      held->left->record.line_bytes);
    journal_end(journal, "connection %" PRIu64 " gets %u: %s", held->number,
                held->refusal, why);
}

void wording_invalid(struct supervisor *supervisor, const struct held *held,
                     const char *why)
{
    struct journal *journal =
        phrase_open(supervisor, "record-invalid", JOURNAL_LIMITED);

    journal_number(journal, "connection", (int64_t)held->number);
    journal_text(journal, "why", why);
    journal_end(journal,
                "connection %" PRIu64 " closed: its record is not "
                "sound: %s",
                held->number, why);
}

void wording_unclear(struct supervisor *supervisor, const struct held *held)
{
    struct journal *journal =
        phrase_open(supervisor, "unclear", JOURNAL_LIMITED);

    journal_number(journal, "connection", (int64_t)held->number);
    journal_end(journal,
                "connection %" PRIu64 " closed: its worker was killed while it "
                "moved bytes on a Unix socket, and their number is not known",
                held->number);
}

void wording_invalid_account(struct supervisor *supervisor,
                             const struct berth *berth, const char *why)
{
    struct journal *journal =
        phrase_open(supervisor, "record-invalid", JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_text(journal, "why", why);
    journal_end(journal,
                "%s is not counted: its own connections' account is not "
                "sound: %s",
                phrase_worker(berth).text, why);
}

void wording_quarantine(struct supervisor *supervisor, const char *scope,
                        struct slice line)
{
    struct journal *journal =
        phrase_open(supervisor, "quarantine", JOURNAL_ALWAYS);
    size_t shown =
        line.bytes < RECORD_LINE_BYTES ? line.bytes : RECORD_LINE_BYTES;

    journal_text(journal, "scope", scope);
    journal_ms(journal, "time_ms", supervisor->options->quarantine_us);
    journal_bytes(journal, "request", line.at, shown);
    journal_end(journal,
                "%s%s is refused for %" PRIu64 " ms: %s crashed too many "
                "workers",
                strcmp(scope, "line") == 0 ? "any request with line "
                                           : "a request with line ",
                phrase_request(line.at, shown).text,
                supervisor->options->quarantine_us / 1000,
                strcmp(scope, "line") == 0 ? "several different ones" : "it");
}
