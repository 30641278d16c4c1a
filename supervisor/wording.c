/* wording.c - the journal's words and fields. */
#include "supervisor/wording.h"
#include "supervisor/phrase.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- The port ---- */

void wording_listening(struct supervisor *supervisor, const char *host,
                       unsigned port)
{
    const struct options *options = supervisor->options;
    struct journal *journal =
        phrase_open(supervisor, "listening", JOURNAL_ALWAYS);
    bool v6 = strchr(host, ':') && port;
    char place[160];

    if (port)
        snprintf(place, sizeof(place), "%s%s%s:%u", v6 ? "[" : "", host,
                 v6 ? "]" : "", port);
    else
        snprintf(place, sizeof(place), "%s", host);
    journal_text(journal, "address", host);
    journal_number(journal, "port", port);
    journal_number(journal, "pid", getpid());
    journal_number(journal, "workers", options->workers);
    journal_number(journal, "spares", options->spares);
    journal_text(journal, "schedule", schedule_name(options->schedule));
    journal_end(journal,
                "listening on %s (supervisor pid %d, %" PRIu32
                " worker%s, %" PRIu32 " spare%s)",
                place, (int)getpid(), options->workers,
                options->workers == 1 ? "" : "s", options->spares,
                options->spares == 1 ? "" : "s");
}

void wording_port_paused(struct supervisor *supervisor, const char *why)
{
    struct journal *journal = phrase_open(supervisor, "pause", JOURNAL_ALWAYS);

    journal_text(journal, "why", why);
    journal_number(journal, "connections", supervisor->held_count);
    journal_end(journal,
                "accepts no connection for now: %s; %" PRIu32
                " held, others wait in the backlog",
                why, supervisor->held_count);
}

void wording_bound(struct supervisor *supervisor)
{
    struct journal *journal = phrase_open(supervisor, "bound", JOURNAL_ALWAYS);

    journal_number(journal, "connections", supervisor->most_connections);
    journal_end(journal,
                "holds %" PRIu32 " connections at most: the limit of "
                "descriptors (ulimit -n) allows no more",
                supervisor->most_connections);
}

void wording_unwatched(struct supervisor *supervisor, int error)
{
    struct journal *journal =
        phrase_open(supervisor, "unwatched", JOURNAL_LIMITED);

    journal_text(journal, "error", error ? strerror(error) : NULL);
    journal_end(journal, "cannot watch a descriptor%s%s; tried again soon",
                error ? ": " : "", error ? strerror(error) : "");
}

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

void wording_hang(struct supervisor *supervisor, const struct berth *berth)
{
    say_of(supervisor, berth, "hang", "hangs and is killed");
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
    say_later(supervisor, berth, "choke", "cannot be told anything", error);
}

void wording_unkilled(struct supervisor *supervisor, const struct berth *berth,
                      int error)
{
    say_later(supervisor, berth, "unkilled", "cannot be killed", error);
}

void wording_impossible(struct supervisor *supervisor,
                        const struct berth *berth, enum worker_event event)
{
    struct journal *journal =
        phrase_open(supervisor, "impossible", JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_text(journal, "state", worker_state_name(berth->state));
    journal_text(journal, "happening", worker_event_name(event));
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
        phrase_open(supervisor, "take-up", JOURNAL_LIMITED);

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

void wording_unsound(struct supervisor *supervisor, const struct held *held,
                     const char *why)
{
    struct journal *journal =
        phrase_open(supervisor, "unsound", JOURNAL_LIMITED);

    journal_number(journal, "connection", (int64_t)held->number);
    journal_text(journal, "why", why);
    journal_end(journal,
                "connection %" PRIu64 " closed: its record is not "
                "sound: %s",
                held->number, why);
}

void wording_unsound_account(struct supervisor *supervisor,
                             const struct berth *berth, const char *why)
{
    struct journal *journal =
        phrase_open(supervisor, "unsound", JOURNAL_LIMITED);

    phrase_add_worker(journal, berth);
    journal_text(journal, "why", why);
    journal_end(journal,
                "%s is not counted: its own connections' account is not "
                "sound: %s",
                phrase_worker(berth).text, why);
}

void wording_quarantine(struct supervisor *supervisor,
                        const struct record *record)
{
    struct journal *journal =
        phrase_open(supervisor, "quarantine", JOURNAL_LIMITED);

    journal_ms(journal, "time_ms", supervisor->options->quarantine_us);
    journal_bytes(journal, "request", record->line, record->line_bytes);
    journal_end(journal,
                "a request that has ended too many workers is refused for "
                "%" PRIu64 " ms",
                supervisor->options->quarantine_us / 1000);
}

/* ---- The pool ---- */

void wording_crash_loop(struct supervisor *supervisor)
{
    static const char *const answers[ON_LOOP_KINDS] = {
        [ON_LOOP_PROBE] = "probe",
        [ON_LOOP_GIVE_UP] = "give-up",
        [ON_LOOP_HOLD] = "hold",
    };
    const struct intensity_rule *rule = &supervisor->intensity.rule;
    const char *answer = answers[rule->on_loop];
    struct journal *journal =
        phrase_open(supervisor, "crash-loop", JOURNAL_ALWAYS);

    journal_number(journal, "failures", rule->limit + 1);
    journal_ms(journal, "window_ms", rule->window_us);
    journal_text(journal, "answer", answer);
    journal_end(journal,
                "crash loop: more than %" PRIu32 " failures in %" PRIu64
                " ms, and more than half of the forks; %s",
                rule->limit, rule->window_us / 1000, answer);
}

void wording_resume(struct supervisor *supervisor, const char *why)
{
    struct journal *journal = phrase_open(supervisor, "resume", JOURNAL_ALWAYS);

    journal_text(journal, "why", why);
    journal_end(journal, "forks again: %s", why);
}

void wording_reload(struct supervisor *supervisor, uint32_t workers)
{
    struct journal *journal = phrase_open(supervisor, "reload", JOURNAL_ALWAYS);

    journal_number(journal, "workers", workers);
    journal_end(journal, "renews %" PRIu32 " workers, one after the other",
                workers);
}

void wording_reloaded(struct supervisor *supervisor)
{
    journal_end(phrase_open(supervisor, "reloaded", JOURNAL_ALWAYS),
                "every worker is renewed");
}

void wording_signal(struct supervisor *supervisor, int signal)
{
    struct journal *journal = phrase_open(supervisor, "signal", JOURNAL_ALWAYS);

    journal_text(journal, "signal", exit_signal_name(signal));
    journal_end(journal, "received %s", exit_signal_name(signal));
}

void wording_shutdown(struct supervisor *supervisor, const char *reason)
{
    struct journal *journal =
        phrase_open(supervisor, "shutdown", JOURNAL_ALWAYS);

    journal_text(journal, "reason", reason);
    journal_end(journal, "stopping: %s", reason);
}

/* ---- The sum ---- */

static void add_count(struct journal *journal, const char *name, uint64_t count)
{
    journal_number(journal, name, (int64_t)count);
}

void wording_totals(struct supervisor *supervisor, bool balanced)
{
    const struct totals *totals = &supervisor->totals;
    struct journal *journal = phrase_open(supervisor, "totals", JOURNAL_LAST);

    journal_open_object(journal, "connections");
    add_count(journal, "accepted", totals->connections.accepted);
    add_count(journal, "closed", totals->connections.closed);
    add_count(journal, "client_gone", totals->connections.client_gone);
    add_count(journal, "refused", totals->connections.refused);
    add_count(journal, "lost", totals->connections.lost);
    journal_close_object(journal);
    journal_open_object(journal, "requests");
    add_count(journal, "begun", totals->requests.begun);
    add_count(journal, "answered", totals->requests.answered);
    add_count(journal, "answered_after_retry",
              totals->requests.answered_after_retry);
    add_count(journal, "refused", totals->requests.refused);
    add_count(journal, "client_gone", totals->requests.client_gone);
    add_count(journal, "lost", totals->requests.lost);
    journal_close_object(journal);
    add_count(journal, "forks", totals->forks);
    add_count(journal, "exits", totals->exits);
    add_count(journal, "unsound", totals->unsound);
    journal_truth(journal, "balanced", balanced);
    journal_end(journal,
                "totals: %" PRIu64 " connections = %" PRIu64
                " closed + %" PRIu64 " client gone + %" PRIu64
                " refused + %" PRIu64 " lost; %" PRIu64 " requests = %" PRIu64
                " answered + %" PRIu64 " answered after retry + %" PRIu64
                " refused + %" PRIu64 " client gone + %" PRIu64
                " lost; %" PRIu64 " forks, %" PRIu64 " exits; %s",
                totals->connections.accepted, totals->connections.closed,
                totals->connections.client_gone, totals->connections.refused,
                totals->connections.lost, totals->requests.begun,
                totals->requests.answered,
                totals->requests.answered_after_retry, totals->requests.refused,
                totals->requests.client_gone, totals->requests.lost,
                totals->forks, totals->exits,
                balanced ? "they add up" : "THEY DO NOT ADD UP");
}
