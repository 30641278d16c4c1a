/* SPDX-License-Identifier: MIT */
/* events.c - events of the listeners and the pool, and the totals. */
#include "supervisor/log/events.h"
#include "supervisor/log/fields.h"
#include "supervisor/policy/signal_name.h"
#include "worker/protocol/arena.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- Listeners ---- */

void event_listening(struct supervisor *supervisor, const char *host,
                     unsigned port, uint64_t response_memory)
{
    const struct options *options = supervisor->options;
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_LISTENING, JOURNAL_ALWAYS);
    bool v6 = strchr(host, ':') && port;
    char address[160];

    if (port)
        snprintf(address, sizeof(address), "%s%s%s:%u", v6 ? "[" : "", host,
                 v6 ? "]" : "", port);
    else
        snprintf(address, sizeof(address), "%s", host);
    journal_text(journal, "address", host);
    journal_number(journal, "port", port);
    journal_number(journal, "pid", getpid());
    journal_number(journal, "workers", options->workers);
    journal_number(journal, "spares", options->spares);
    journal_text(journal, "schedule", schedule_name(options->schedule));
    journal_number(journal, "response_memory", (int64_t)response_memory);
    journal_end(journal,
                "listening on %s (supervisor pid %d, %" PRIu32
                " worker%s, %" PRIu32 " spare%s)",
                address, (int)getpid(), options->workers,
                options->workers == 1 ? "" : "s", options->spares,
                options->spares == 1 ? "" : "s");
}

void event_port_paused(struct supervisor *supervisor, const char *why,
                       uint32_t connections)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_ACCEPT_PAUSED, JOURNAL_LIMITED);

    journal_text(journal, "why", why);
    journal_number(journal, "connections", connections);
    journal_end(journal,
                "accept paused: %s; %" PRIu32 " connections open, more wait "
                "in the backlog",
                why, connections);
}

void event_bound(struct supervisor *supervisor, uint32_t connections)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_CONNECTION_LIMIT, JOURNAL_ALWAYS);

    journal_number(journal, "connections", connections);
    journal_end(journal,
                "at most %" PRIu32 " connections: the limit of descriptors "
                "(ulimit -n) allows no more",
                connections);
}

void event_memory(struct supervisor *supervisor, uint64_t limit,
                  uint64_t unread, uint64_t allowance)
{
    uint64_t refused =
        allowance > ARENA_SMALL_BYTES ? allowance : ARENA_SMALL_BYTES;
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_RESPONSE_MEMORY, JOURNAL_LIMITED);

    journal_number(journal, "limit", (int64_t)limit);
    journal_number(journal, "unread", (int64_t)unread);
    journal_number(journal, "allowance", (int64_t)allowance);
    journal_end(journal,
                "response memory is scarce: %" PRIu64 " of %" PRIu64
                " bytes hold responses that clients have not read; responses "
                "larger than %" PRIu64 " bytes are refused",
                unread, limit, refused);
}

void event_watch_failed(struct supervisor *supervisor, int error)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_WATCH_FAILED, JOURNAL_LIMITED);

    journal_text(journal, "error", error ? strerror(error) : NULL);
    journal_end(journal, "cannot watch a descriptor%s%s; will retry",
                error ? ": " : "", error ? strerror(error) : "");
}

/* ---- Pool ---- */

void event_crash_loop(struct supervisor *supervisor)
{
    static const char *const answers[ON_LOOP_KINDS] = {
        [ON_LOOP_PROBE] = "probe",
        [ON_LOOP_GIVE_UP] = "give-up",
        [ON_LOOP_HOLD] = "hold",
    };
    const struct intensity_rule *rule = &supervisor->restarts.rule.intensity;
    const char *answer = answers[rule->on_loop];
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_CRASH_LOOP, JOURNAL_ALWAYS);

    journal_number(journal, "failures", rule->limit + 1);
    journal_ms(journal, "window_ms", rule->window_us);
    journal_text(journal, "answer", answer);
    journal_end(journal,
                "crash loop: more than %" PRIu32 " failures in %" PRIu64
                " ms, and more than half of the forks failed; %s",
                rule->limit, rule->window_us / 1000, answer);
}

void event_resume(struct supervisor *supervisor, const char *why)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_RESUME, JOURNAL_ALWAYS);

    journal_text(journal, "why", why);
    journal_end(journal, "forking again: %s", why);
}

void event_reload(struct supervisor *supervisor, uint32_t workers)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_RELOAD, JOURNAL_ALWAYS);

    journal_number(journal, "workers", workers);
    journal_end(journal, "replacing %" PRIu32 " workers, one after the other",
                workers);
}

void event_reloaded(struct supervisor *supervisor)
{
    journal_end(fields_open(supervisor, LOG_EVENT_RELOADED, JOURNAL_ALWAYS),
                "all workers replaced");
}

void event_signal(struct supervisor *supervisor, int signal)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_SIGNAL, JOURNAL_ALWAYS);

    journal_text(journal, "signal", signal_name(signal));
    journal_end(journal, "received %s", signal_name(signal));
}

void event_shutdown(struct supervisor *supervisor, const char *reason)
{
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_SHUTDOWN, JOURNAL_ALWAYS);

    journal_text(journal, "reason", reason);
    journal_end(journal, "stopping: %s", reason);
}

void event_stage(struct supervisor *supervisor, enum stage next, bool allowed)
{
    const char *from = stage_name(supervisor->stage), *to = stage_name(next);
    struct journal *journal =
        fields_open(supervisor, allowed ? LOG_EVENT_STAGE : LOG_EVENT_BAD_STAGE,
                    JOURNAL_ALWAYS);

    journal_text(journal, "from", from);
    journal_text(journal, "to", to);
    journal_end(journal, "%s after %s%s", to, from, allowed ? "" : ": refused");
}

/* ---- Totals ---- */

static void add_count(struct journal *journal, const char *name, uint64_t count)
{
    journal_number(journal, name, (int64_t)count);
}

void event_totals(struct supervisor *supervisor, bool balanced)
{
    const struct totals *totals = &supervisor->totals;
    struct journal *journal =
        fields_open(supervisor, LOG_EVENT_TOTALS, JOURNAL_LAST);

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
    journal_open_object(journal, "quarantine");
    add_count(journal, "requests", totals->quarantine.requests);
    add_count(journal, "lines", totals->quarantine.lines);
    add_count(journal, "refused", totals->quarantine.refused);
    journal_close_object(journal);
    add_count(journal, "forks", totals->forks);
    add_count(journal, "exits", totals->exits);
    add_count(journal, "invalid", totals->invalid);
    add_count(journal, "refused_for_memory", totals->refused_for_memory);
    add_count(journal, "dropped_for_memory", totals->dropped_for_memory);
    journal_truth(journal, "balanced", balanced);
    journal_end(
        journal,
        "totals: %" PRIu64 " connections = %" PRIu64 " closed + %" PRIu64
        " client gone + %" PRIu64 " refused + %" PRIu64 " lost; %" PRIu64
        " requests = %" PRIu64 " answered + %" PRIu64
        " answered after retry + %" PRIu64 " refused + %" PRIu64
        " client gone + %" PRIu64 " lost; quarantine: %" PRIu64
        " requests and %" PRIu64 " lines, %" PRIu64 " refused; %" PRIu64
        " refused for lack of memory; %" PRIu64 " forks, %" PRIu64 " exits; %s",
        totals->connections.accepted, totals->connections.closed,
        totals->connections.client_gone, totals->connections.refused,
        totals->connections.lost, totals->requests.begun,
        totals->requests.answered, totals->requests.answered_after_retry,
        totals->requests.refused, totals->requests.client_gone,
        totals->requests.lost, totals->quarantine.requests,
        totals->quarantine.lines, totals->quarantine.refused,
        totals->refused_for_memory, totals->forks, totals->exits,
        balanced ? "balanced" : "NOT BALANCED");
}
