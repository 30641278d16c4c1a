/* SPDX-License-Identifier: MIT */
/* run_members.c - the list of the members of a run record. */
#include "chaos/report/run_record.h"
#include <string.h>

/* Type, presence and shape. */
#define NUMBER                 RUN_NUMBER, RUN_ALWAYS, NULL
#define NUMBER_OR_NULL         RUN_NUMBER, RUN_OR_NULL, NULL
#define TEXT                   RUN_TEXT, RUN_ALWAYS, NULL
#define TEXT_OR_NULL           RUN_TEXT, RUN_OR_NULL, NULL
#define FLAG                   RUN_FLAG, RUN_ALWAYS, NULL
#define NUMBERS                RUN_NUMBERS, RUN_ALWAYS, NULL
#define OTHER_LIST             RUN_OTHER_LIST, RUN_ALWAYS, NULL
#define OTHER_OBJECT           RUN_OTHER_OBJECT, RUN_ALWAYS, NULL
#define OBJECT(shape)          RUN_OBJECT, RUN_ALWAYS, &shape
#define OBJECT_OR_NULL(shape)  RUN_OBJECT, RUN_OR_NULL, &shape
#define OBJECT_OPTIONAL(shape) RUN_OBJECT, RUN_OPTIONAL, &shape
#define LIST(shape)            RUN_LIST, RUN_ALWAYS, &shape

#define MEMBERS(name)                                                          \
    static const struct run_members name = {                                   \
        name##_rows, sizeof(name##_rows) / sizeof(name##_rows[0])              \
    }

static const struct run_member classes_rows[] = {
    { "ok", NUMBER, "", "answered correctly" },
    { "refused", NUMBER, "", "" },
    { "reset", NUMBER, "", "" },
    { "closed", NUMBER, "", "" },
    { "closed_on_reuse", NUMBER, "", "" },
    { "truncated", NUMBER, "", "" },
    { "malformed", NUMBER, "", "" },
    { "extra", NUMBER, "", "extra bytes or a second response" },
    { "wrong_token", NUMBER, "", "" },
    { "wrong_body", NUMBER, "", "" },
    { "timeout_connecting", NUMBER, "", "" },
    { "timeout_waiting", NUMBER, "", "" },
    { "timeout_middle", NUMBER, "", "" },
    { "server_error", NUMBER, "", "5xx" },
    { "other_status", NUMBER, "", "" },
    { "not_sent", NUMBER, "", "no free connection" },
};
MEMBERS(classes);

static const struct run_member latency_rows[] = {
    { "count", NUMBER, "", "responses" }, { "mean", NUMBER_OR_NULL, "us", "" },
    { "p50", NUMBER_OR_NULL, "us", "" },  { "p90", NUMBER_OR_NULL, "us", "" },
    { "p99", NUMBER_OR_NULL, "us", "" },  { "p99.9", NUMBER_OR_NULL, "us", "" },
    { "max", NUMBER_OR_NULL, "us", "" },
};
MEMBERS(latency);

static const struct run_member usage_rows[] = {
    { "cpu_ms", NUMBER_OR_NULL, "ms",
      "including reaped children; resolution: a clock tick" },
    { "user_ms", NUMBER_OR_NULL, "ms", "" },
    { "system_ms", NUMBER_OR_NULL, "ms", "" },
    { "log_bytes", NUMBER_OR_NULL, "bytes",
      "written by a target that chaos started" },
    { "log_lines", NUMBER_OR_NULL, "", "" },
    { "processes_max", NUMBER_OR_NULL, "", "sampled once a second" },
    { "rss_max_bytes", NUMBER_OR_NULL, "bytes",
      "counts shared pages in each process" },
    { "pss_bytes", NUMBER_OR_NULL, "bytes",
      "at the end; shared pages are divided among processes" },
};
MEMBERS(usage);

static const struct run_member finding_rows[] = {
    { "claim", TEXT, "", "" },
    { "limit", NUMBER, "", "" },
    { "measured", NUMBER_OR_NULL, "", "null: none" },
    { "held", FLAG, "", "" },
};
MEMBERS(finding);

static const struct run_member phase_verdict_rows[] = {
    { "outcome", TEXT, "", "pass, fail, inconclusive" },
    { "because", TEXT_OR_NULL, "", "" },
    { "findings", LIST(finding), "", "one for each claim" },
};
MEMBERS(phase_verdict);

/* Of a phase, and of fault_requests. */
#define FIGURES                                                                \
    { "requests", NUMBER, "",                                                  \
      "all that began; a request belongs to the phase in which it was first "  \
      "due" },                                                                 \
        { "intended", NUMBER, "", "distinct requests: requests - retries" },   \
        { "retries", NUMBER, "", "of the requests" },                          \
        { "retries_denied", NUMBER, "",                                        \
          "retries that the budget forbade; not in requests" },                \
        { "withdrawn", NUMBER, "",                                             \
          "requests cancelled when the run was interrupted" },                 \
        { "ok", NUMBER, "", "answered correctly" },                            \
        { "unproven", NUMBER, "", "of ok: possibly truncated" },               \
        { "lost", NUMBER, "", "requests without a valid response" },           \
        { "classes", OBJECT(classes), "", "requests by outcome" },             \
        { "balanced", FLAG, "", "every request has one outcome" },             \
        { "availability", NUMBER, "share",                                     \
          "of the requests, answered correctly" },                             \
        { "goodput", NUMBER, "share", "of `intended`, answered correctly" },   \
        { "duration_us", NUMBER, "us", "" },                                   \
        { "longest_gap_us", NUMBER, "us", "between two correct responses" },   \
        { "latency_us", OBJECT(latency), "",                                   \
          "the percentiles are null if count is 0" },                          \
    {                                                                          \
        "lateness_us", OBJECT(latency), "",                                    \
            "of the client in sending requests"                                \
    }

static const struct run_member figures_rows[] = { FIGURES };
MEMBERS(figures);

static const struct run_member phase_rows[] = {
    FIGURES,
    { "from_us", NUMBER, "us", "" },
    { "to_us", NUMBER, "us", "" },
    { "usage", OBJECT(usage), "", "in this phase" },
    { "verdict", OBJECT(phase_verdict), "", "" },
};
MEMBERS(phase);

static const struct run_member phases_rows[] = {
    { "baseline", OBJECT_OPTIONAL(phase), "", "missing if not measured" },
    { "fault", OBJECT_OPTIONAL(phase), "", "as baseline" },
    { "recovery", OBJECT_OPTIONAL(phase), "", "as baseline" },
};
MEMBERS(phases);

static const struct run_member listener_rows[] = {
    { "pid", NUMBER, "", "" },   { "role", TEXT, "", "root, child" },
    { "fd", NUMBER, "", "" },    { "inode", NUMBER, "", "" },
    { "address", TEXT, "", "" },
};
MEMBERS(listener);

static const struct run_member injection_rows[] = {
    { "fault", TEXT, "", "its name in the experiment" },
    { "number", NUMBER, "", "of the injections of this fault, from 0" },
    { "planned_us", NUMBER, "us", "since the start of the fault phase" },
    { "draw", TEXT, "", "the random decision, 64 bits" },
    { "at_us", NUMBER, "us", "" },
    { "pid", NUMBER, "", "" },
    { "ordinal", NUMBER, "",
      "the victim among the candidates, from 0, oldest first" },
    { "of", NUMBER, "", "number of candidates" },
    { "slot", NUMBER_OR_NULL, "", "" },
    { "result", TEXT, "", "" },
    { "losses", NUMBER, "", "failures attributed to the injection" },
};
MEMBERS(injection);

static const struct run_member loss_rows[] = {
    { "at_us", NUMBER, "us", "" },
    { "intended_us", NUMBER, "us", "when the request was due" },
    { "class", TEXT, "", "a member of classes" },
    { "injection", NUMBER, "", "index in injections, or -1" },
};
MEMBERS(loss);

static const struct run_member worker_stats_rows[] = {
    { "forks", NUMBER, "", "" },          { "exits", NUMBER, "", "" },
    { "own_exits", NUMBER, "", "" },      { "signal_deaths", NUMBER, "", "" },
    { "kills", NUMBER, "", "" },          { "kills_busy", NUMBER, "", "" },
    { "kills_requests", NUMBER, "", "" }, { "left_first", NUMBER, "", "" },
    { "resumptions", NUMBER, "", "" },
};
MEMBERS(worker_stats);

static const struct run_member exit_kind_rows[] = {
    { "cause", TEXT, "", "own exit, crash, outside, supervisor, ..." },
    { "code", NUMBER_OR_NULL, "", "" },
    { "signal", TEXT_OR_NULL, "", "" },
    { "count", NUMBER, "", "" },
    { "injected", NUMBER, "", "of count: caused by an injection" },
};
MEMBERS(exit_kind);

static const struct run_member totals_rows[] = {
    { "begun", NUMBER, "", "" },
    { "answered", NUMBER, "", "" },
    { "answered_after_retry", NUMBER, "", "" },
    { "refused", NUMBER, "", "" },
    { "client_gone", NUMBER, "", "" },
    { "lost", NUMBER, "", "" },
    { "balanced", FLAG, "", "the sums add up" },
};
MEMBERS(totals);

static const struct run_member worker_rows[] = {
    { "pid", NUMBER, "", "" },
    { "slot", NUMBER, "", "-1: a spare" },
    { "generation", NUMBER, "", "" },
    { "born_us", NUMBER, "us", "" },
    { "online_us", NUMBER, "us", "-1: never" },
    { "died_us", NUMBER, "us", "-1: alive at the end of the run" },
    { "responses", NUMBER, "", "" },
    { "code", NUMBER_OR_NULL, "", "" },
    { "signal", TEXT_OR_NULL, "", "" },
    { "injected", FLAG, "", "hit by an injection" },
};
MEMBERS(worker);

static const struct run_member series_rows[] = {
    { "step_us", NUMBER, "us", "the length of a step" },
    { "sent", NUMBERS, "", "" },
    { "retries", NUMBERS, "", "" },
    { "ok", NUMBERS, "", "" },
    { "lost", NUMBERS, "", "" },
    { "errors", NUMBERS, "", "" },
    { "injections", NUMBERS, "", "" },
    { "live", NUMBERS, "", "" },
    { "p50_us", NUMBERS, "us", "" },
    { "p99_us", NUMBERS, "us", "" },
    { "max_us", NUMBERS, "us", "" },
};
MEMBERS(series);

static const struct run_member machine_rows[] = {
    { "system", TEXT, "", "" },
    { "release", TEXT, "", "" },
    { "architecture", TEXT, "", "" },
    { "processors", NUMBER, "", "" },
    { "memory_bytes", NUMBER, "bytes", "" },
};
MEMBERS(machine);

static const struct run_member versions_rows[] = {
    { "chaos", TEXT, "", "" },
    { "libev", TEXT, "", "" },
    { "cJSON", TEXT, "", "" },
    { "libc", TEXT, "", "" },
};
MEMBERS(versions);

static const struct run_member verdict_rows[] = {
    { "outcome", TEXT, "", "pass, fail, inconclusive" },
    { "because", TEXT_OR_NULL, "", "" },
};
MEMBERS(verdict);

static const struct run_member run_rows[] = {
    { "schema", NUMBER, "", "version of this list" },
    { "title", TEXT, "", "" },
    { "command", TEXT, "", "repeats the run" },
    { "seed", TEXT, "", "64 bits" },
    { "started", TEXT, "", "UTC" },
    { "machine", OBJECT(machine), "", "" },
    { "versions", OBJECT(versions), "", "" },
    { "verdict", OBJECT(verdict), "", "of the whole run" },
    { "end", TEXT, "", "how the run ended" },
    { "aborted", FLAG, "", "a limit of [abort] ended the faults" },
    { "phases", OBJECT(phases), "", "" },
    { "fault_requests", OBJECT_OR_NULL(figures), "",
      "requests that asked for a fault" },
    { "injections", LIST(injection), "", "" },
    { "usage", OBJECT(usage), "",
      "of all processes of the target in the fault phase" },
    { "listening", LIST(listener), "",
      "holders of listening sockets before the first fault" },
    { "worker_stats", OBJECT(worker_stats), "",
      "from the target's log and the injections" },
    { "exits", LIST(exit_kind), "", "by kind" },
    { "failures", OTHER_LIST, "", "the supervisor's log events \"failure\"" },
    { "sample_lines", OTHER_LIST, "",
      "the first 40 exits in words, or lines of the log" },
    { "totals", OBJECT_OR_NULL(totals), "",
      "the supervisor's totals, if it logged them" },
    { "workers", LIST(worker), "", "" },
    { "experiment", OTHER_OBJECT, "", "every key of every section, as text" },
    { "histogram", OTHER_LIST, "us",
      "[from, to, count] of latencies in the fault phase" },
    { "losses", LIST(loss), "", "" },
    { "losses_left_out", NUMBER, "", "counted, but not in losses" },
    { "losses_without_injection", NUMBER, "", "attributed to no injection" },
    { "series", OBJECT(series), "", "one number for each step" },
};
const struct run_members run_members = { run_rows, sizeof(run_rows) /
                                                       sizeof(run_rows[0]) };

static bool exists_in(const struct run_members *members, const char *name)
{
    for (size_t i = 0; i < members->count; i++)
        if (strcmp(members->rows[i].name, name) == 0 ||
            (members->rows[i].shape && exists_in(members->rows[i].shape, name)))
            return true;
    return false;
}

bool run_member_exists(const char *name)
{
    return exists_in(&run_members, name);
}
