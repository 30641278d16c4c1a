/* SPDX-License-Identifier: MIT */
/* event_table.c - see event_table.h. */
#include "supervisor/log/event_table.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */

#define SLOT       "number of the worker's slot, from 1; null for a spare"
#define GENERATION "how many workers the slot has had, this one included; " \
                   "null for a spare"
#define PID        "process ID of the worker"
#define WORKER     { "slot", SLOT, FIELD_ALWAYS }, \
                   { "generation", GENERATION, FIELD_ALWAYS }, \
                   { "pid", PID, FIELD_ALWAYS }
#define CONNECTION { "connection", "number of the connection, from 1", \
                     FIELD_ALWAYS }
#define ERROR      { "error", "error text of the system", FIELD_ALWAYS }

const struct event_row event_table[LOG_EVENT_COUNT] = {
    [LOG_EVENT_LISTENING] = { "listening",
        "the supervisor listens on an address; one line for each listener", {
        { "address", "IP address, or `unix:PATH`", FIELD_ALWAYS },
        { "port", "TCP port; 0 for a Unix socket", FIELD_ALWAYS },
        { "pid", "process ID of the supervisor", FIELD_ALWAYS },
        { "workers", "value of --workers", FIELD_ALWAYS },
        { "spares", "value of --spares", FIELD_ALWAYS },
        { "schedule", "value of --schedule", FIELD_ALWAYS },
        { "response_memory", "limit for unread responses, in bytes",
          FIELD_ALWAYS } } },
    [LOG_EVENT_CONNECTION_LIMIT] = { "connection-limit",
        "the limit of descriptors (ulimit -n) allows fewer connections than "
        "--max-connections", {
        { "connections", "max. number of connections", FIELD_ALWAYS } } },
    [LOG_EVENT_ACCEPT_PAUSED] = { "accept-paused",
        "the supervisor stops accepting connections for now", {
        { "why", "reason", FIELD_ALWAYS },
        { "connections", "number of connections held", FIELD_ALWAYS } } },
    [LOG_EVENT_RESPONSE_MEMORY] = { "response-memory",
        "memory for responses is scarce: large responses are refused", {
        { "limit", "limit for unread responses, in bytes", FIELD_ALWAYS },
        { "unread", "bytes in use", FIELD_ALWAYS },
        { "allowance", "bytes left for one worker", FIELD_ALWAYS } } },
    [LOG_EVENT_WATCH_FAILED] = { "watch-failed",
        "the kernel refused to watch a descriptor; the supervisor tries again",
        { { "error", "error text of the system; null if not known",
            FIELD_ALWAYS } } },

    [LOG_EVENT_FORK] = { "fork", "a worker was forked", { WORKER } },
    [LOG_EVENT_FORK_FAILED] = { "fork-failed", "a worker cannot be forked", {
        WORKER, ERROR } },
    [LOG_EVENT_ONLINE] = { "online", "a worker is ready for requests", {
        WORKER } },
    [LOG_EVENT_PROMOTE] = { "promote", "a spare takes an empty slot", {
        WORKER } },
    [LOG_EVENT_DISCONNECT] = { "disconnect",
        "the supervisor asks a worker to finish its requests and exit", {
        WORKER } },
    [LOG_EVENT_EXIT] = { "exit", "a worker ended", {
        WORKER,
        { "code", "exit code; null if a signal ended it", FIELD_ALWAYS },
        { "signal", "name of that signal; null if it exited", FIELD_ALWAYS },
        { "core", "true if it dumped core", FIELD_ALWAYS },
        { "sent_by", "sender of the signal: `kernel`, `itself`, `another "
          "process`; null if not known", FIELD_ALWAYS },
        { "voluntary", "true if the supervisor had asked it to exit",
          FIELD_ALWAYS },
        { "uptime_ms", "time since its fork, in ms", FIELD_ALWAYS },
        { "responses", "number of responses it sent", FIELD_ALWAYS },
        { "unfinished", "number of requests it had not finished", FIELD_ALWAYS },
        { "request", "request line of one of them; null if none",
          FIELD_ALWAYS },
        { "connections", "number of connections the supervisor took back",
          FIELD_ALWAYS },
        { "lost", "number of connections lost with it", FIELD_ALWAYS },
        { "cause", "`own exit`, `crash`, `hang`, `outside`, `supervisor` or "
          "`unknown`", FIELD_ALWAYS },
        { "delay_ms", "delay before the next fork, in ms; null if none "
          "follows", FIELD_ALWAYS } } },
    [LOG_EVENT_HANG] = { "hang",
        "a worker took longer than a deadline allows and is killed", {
        WORKER,
        { "stopped", "true if a signal (SIGSTOP, ...) had stopped it",
          FIELD_ALWAYS } } },
    [LOG_EVENT_EXIT_OVERDUE] = { "exit-overdue",
        "a worker announced its exit, did not exit in time, and is killed", {
        WORKER } },
    [LOG_EVENT_PROTOCOL] = { "protocol",
        "a worker sent an invalid message and is killed", { WORKER } },
    [LOG_EVENT_FLOOD] = { "flood",
        "a worker sent too many messages and is killed", { WORKER } },
    [LOG_EVENT_NO_LISTENER] = { "no-listener",
        "a worker cannot be given its listener and is killed", {
        WORKER, ERROR } },
    [LOG_EVENT_CHANNEL_FULL] = { "channel-full",
        "a message cannot be sent to a worker; the supervisor tries again", {
        WORKER, ERROR } },
    [LOG_EVENT_HANDOFF_FAILED] = { "handoff-failed",
        "a connection cannot be written to a worker's memory; the supervisor "
        "tries again", { WORKER, ERROR } },
    [LOG_EVENT_KILL_FAILED] = { "kill-failed",
        "a worker cannot be killed; the supervisor tries again", {
        WORKER, ERROR } },
    [LOG_EVENT_BAD_TRANSITION] = { "bad-transition",
        "a bug in the supervisor: an event that the worker's state excludes", {
        WORKER,
        { "state", "state of the worker", FIELD_ALWAYS },
        { "lifecycle_event", "the event", FIELD_ALWAYS } } },

    [LOG_EVENT_RESUME_REQUEST] = { "resume-request",
        "a worker continues a request that another worker left unfinished", {
        CONNECTION,
        { "state", "where the request was: `parsing`, `handling`, "
          "`committed`", FIELD_ALWAYS },
        WORKER } },
    [LOG_EVENT_REFUSE] = { "refuse",
        "the supervisor gives up a request: a worker answers with an error", {
        CONNECTION,
        { "status", "HTTP status of the answer", FIELD_ALWAYS },
        { "why", "reason", FIELD_ALWAYS },
        { "request", "request line; only if the request was saved",
          FIELD_SOMETIMES } } },
    [LOG_EVENT_QUARANTINE] = { "quarantine",
        "a request crashed too many workers and is refused from now on", {
        { "scope", "`request`: the same bytes; `line`: every request with "
          "this request line", FIELD_ALWAYS },
        { "time_ms", "how long, in ms", FIELD_ALWAYS },
        { "request", "request line", FIELD_ALWAYS } } },
    [LOG_EVENT_UNCLEAR] = { "unclear",
        "a connection is closed: its worker was killed while it moved bytes "
        "on a Unix socket, and their number is not known", { CONNECTION } },
    [LOG_EVENT_RECORD_INVALID] = { "record-invalid",
        "a worker's record of a connection, or its account of the connections "
        "it accepted itself, contradicts itself or the kernel", {
        { "connection", "number of the closed connection; only for a record",
          FIELD_SOMETIMES },
        { "slot", SLOT "; only for an account", FIELD_SOMETIMES },
        { "generation", GENERATION "; only for an account", FIELD_SOMETIMES },
        { "pid", PID "; only for an account", FIELD_SOMETIMES },
        { "why", "the contradiction", FIELD_ALWAYS } } },

    [LOG_EVENT_CRASH_LOOP] = { "crash-loop",
        "more failures than --restart-intensity allows", {
        { "failures", "number of failures", FIELD_ALWAYS },
        { "window_ms", "time T of --restart-intensity, in ms", FIELD_ALWAYS },
        { "answer", "value of --on-crash-loop", FIELD_ALWAYS } } },
    [LOG_EVENT_RESUME] = { "resume",
        "the crash loop is over: workers are forked again", {
        { "why", "reason", FIELD_ALWAYS } } },
    [LOG_EVENT_FAILURE] = { "failure",
        "summary of the worker exits of one kind (--report-every, SIGUSR1, "
        "and at the end)", {
        { "cause", "as in `exit`; `others`: the kinds not listed one by one",
          FIELD_ALWAYS },
        { "code", "as in `exit`", FIELD_ALWAYS },
        { "signal", "as in `exit`", FIELD_ALWAYS },
        { "count", "number since the start", FIELD_ALWAYS },
        { "last_hour", "number in the last 60 minutes", FIELD_ALWAYS },
        { "first_ms_ago", "time since the first, in ms", FIELD_ALWAYS },
        { "last_ms_ago", "time since the last, in ms", FIELD_ALWAYS },
        { "responses", "number of responses these workers had sent",
          FIELD_ALWAYS } } },

    [LOG_EVENT_RELOAD] = { "reload",
        "SIGUSR2: the supervisor replaces its workers, one after the other", {
        { "workers", "number of workers to replace", FIELD_ALWAYS } } },
    [LOG_EVENT_RELOADED] = { "reloaded", "every worker has been replaced",
        { { NULL, NULL, FIELD_ALWAYS } } },
    [LOG_EVENT_SIGNAL] = { "signal", "the supervisor received a signal", {
        { "signal", "name of the signal", FIELD_ALWAYS } } },
    [LOG_EVENT_SHUTDOWN] = { "shutdown", "the supervisor begins to stop", {
        { "reason", "reason", FIELD_ALWAYS } } },
    [LOG_EVENT_STAGE] = { "stage",
        "the supervisor enters a stage: `draining` answers the requests "
        "received, `leaving` waits for the exit of the workers", {
        { "from", "stage that ends", FIELD_ALWAYS },
        { "to", "stage that begins", FIELD_ALWAYS } } },
    [LOG_EVENT_BAD_STAGE] = { "bad-stage",
        "a bug in the supervisor: a stage that must not follow", {
        { "from", "stage of the supervisor", FIELD_ALWAYS },
        { "to", "stage that was refused", FIELD_ALWAYS } } },
    [LOG_EVENT_TOTALS] = { "totals",
        "how every connection and request ended; the last event", {
        { "connections.accepted", "connections accepted", FIELD_ALWAYS },
        { "connections.closed", "closed in order", FIELD_ALWAYS },
        { "connections.client_gone", "the client left during a request or "
          "response", FIELD_ALWAYS },
        { "connections.refused", "refused with 503 before any worker",
          FIELD_ALWAYS },
        { "connections.lost", "lost by the supervisor or a worker",
          FIELD_ALWAYS },
        { "requests.begun", "requests begun", FIELD_ALWAYS },
        { "requests.answered", "answered by the first worker", FIELD_ALWAYS },
        { "requests.answered_after_retry", "answered by a later worker",
          FIELD_ALWAYS },
        { "requests.refused", "answered with a status of 400 or more",
          FIELD_ALWAYS },
        { "requests.client_gone", "the client left before the end of the "
          "response", FIELD_ALWAYS },
        { "requests.lost", "lost by the supervisor or a worker",
          FIELD_ALWAYS },
        { "quarantine.requests", "requests quarantined", FIELD_ALWAYS },
        { "quarantine.lines", "request lines quarantined", FIELD_ALWAYS },
        { "quarantine.refused", "requests refused for that", FIELD_ALWAYS },
        { "forks", "workers forked", FIELD_ALWAYS },
        { "exits", "workers ended", FIELD_ALWAYS },
        { "invalid", "number of `record-invalid`", FIELD_ALWAYS },
        { "refused_for_memory", "requests refused because of "
          "--max-response-memory", FIELD_ALWAYS },
        { "dropped_for_memory", "connections closed because of "
          "--max-response-memory", FIELD_ALWAYS },
        { "balanced", "true if the ends add up to the beginnings",
          FIELD_ALWAYS } } },

    [LOG_EVENT_SUPPRESSED] = { "suppressed",
        "lines are missing: too many in one second, or the log's reader was "
        "too slow", {
        { "count", "number of lines", FIELD_ALWAYS } } },
    [LOG_EVENT_LOG_FAILED] = { "log-failed",
        "the log could not be written for a while", { ERROR } },
};
/* clang-format on */

const struct event_row *event_table_find(const char *name)
{
    for (int id = 0; id < LOG_EVENT_COUNT; id++)
        if (strcmp(event_table[id].name, name) == 0)
            return &event_table[id];
    return NULL;
}

const struct event_field *event_table_field(const struct event_row *row,
                                            const char *name)
{
    for (const struct event_field *field = row->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

/* ---- As Markdown ---- */

struct output {
    char *text;
    size_t size;
    size_t length; /* of the whole text, also beyond `size` */
};

__attribute__((format(printf, 2, 3))) static void add(struct output *output,
                                                      const char *format, ...)
{
    size_t used = output->length < output->size ? output->length : output->size;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length =
        vsnprintf(output->text + used, output->size - used, format, arguments);
    va_end(arguments);
    output->length += length > 0 ? (size_t)length : 0;
}

/* The three fields of a worker are explained once, above the table. */
static bool is_explained_above(const struct event_field *field)
{
    return strcmp(field->meaning, SLOT) == 0 ||
           strcmp(field->meaning, GENERATION) == 0 ||
           strcmp(field->meaning, PID) == 0;
}

static void add_field(struct output *output, const struct event_field *field,
                      bool first)
{
    if (is_explained_above(field))
        add(output, "%s`%s`", first ? "<br>" : ", ", field->name);
    else
        add(output, "<br>`%s`: %s", field->name, field->meaning);
}

size_t event_table_markdown(char *text, size_t size)
{
    struct output output = { text, size, 0 };

    add(&output, "| Event | Fields and meaning |\n| --- | --- |\n"
                 "| every event | `time`: seconds since 1970-01-01 00:00 UTC"
                 "<br>`event`: name of the event |\n"
                 "| of a worker | `slot`: " SLOT "<br>`generation`: " GENERATION
                 "<br>`pid`: " PID " |\n");
    for (int id = 0; id < LOG_EVENT_COUNT; id++) {
        const struct event_row *row = &event_table[id];
        bool explained = false;

        add(&output, "| `%s` | %s", row->name, row->meaning);
        for (const struct event_field *field = row->fields; field->name;
             field++) {
            add_field(&output, field, !explained);
            explained = is_explained_above(field);
        }
        add(&output, " |\n");
    }
    return output.length;
}
