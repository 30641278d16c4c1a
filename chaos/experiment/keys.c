/* SPDX-License-Identifier: MIT */
/* keys.c - every key of an experiment file; see experiment.h. */
#include "chaos/experiment/experiment.h"
#include <string.h>

#define AT(field) offsetof(struct experiment, field)
#define OF(field) offsetof(struct fault, field)
#define COUNT_MAX 1e12

_Static_assert(sizeof(enum timing) == sizeof(int),
               "a key with choices sets an enum through a pointer to int");

static const struct option_row about[] = {
    OPTION("title", VALUE_TEXT, AT(title), "title in reports",
           .fallback_help = "the file's name"),
    OPTION("needs", VALUE_TEXT, AT(needs),
           "skip the experiment, with a message, if this is not installed",
           .value = "PROGRAM"),
};

static const struct option_row target[] = {
    OPTION("start", VALUE_TEXT, AT(start),
           "command to start for the run and to end after it; a word in \"\" "
           "may contain spaces",
           .value = "COMMAND"),
    OPTION("pid", VALUE_TEXT, AT(pid),
           "process ID of the root of a target that already runs",
           .value = "PID"),
    OPTION("pidfile", VALUE_TEXT, AT(pidfile),
           "file that contains this process ID", .value = "FILE"),
    OPTION("url", VALUE_TEXT, AT(trial.url),
           "URL to request; port 0: the port that the target's log reports",
           .value = "URL"),
    OPTION("match", VALUE_TEXT, AT(trial.faults.pattern),
           "only hit processes whose command line matches", .value = "PATTERN"),
    OPTION("descendants", VALUE_FLAG, AT(trial.faults.descendants),
           "also hit children of children", "no"),
    OPTION("exit-ok", VALUE_FLAG, AT(trial.exit_ok),
           "an exit of the target is not a failure: the load continues", "no"),
    OPTION("ready", VALUE_TIME, AT(trial.ready_us),
           "time to wait until it accepts connections", "10s", .min = 1000),
    OPTION("grace", VALUE_TIME, AT(trial.grace_us),
           "time to wait for its exit after SIGTERM, before SIGKILL", "15s",
           .min = 1000),
};

static const struct option_row load[] = {
    OPTION("rate", VALUE_REAL, AT(trial.load.rate),
           "requests per second, regardless of how slow responses are", "100",
           .min = 0.001, .max = 1e6),
    OPTION("max-fork-share", VALUE_SHARE, AT(max_fork_share),
           "limit the rate to this share of the machine's forks per second, "
           "measured before the run; 0: no limit",
           "0"),
    OPTION("poisson", VALUE_FLAG, AT(trial.load.poisson),
           "send at random instants instead of even intervals", "no"),
    OPTION("closed", VALUE_FLAG, AT(trial.load.closed),
           "no rate: each connection sends its next request after a response",
           "no"),
    OPTION("connections", VALUE_COUNT, AT(trial.load.connections),
           "max open at a time of each kind: persistent and new", "32",
           .min = 1, .max = 100000),
    OPTION("new-connections", VALUE_SHARE, AT(trial.load.new_share),
           "share of requests that open a connection of their own", "50%"),
    OPTION("timeout", VALUE_TIME, AT(trial.load.timeout_us),
           "for one request, from its intended send time", "5s", .min = 1000),
    OPTION("retries", VALUE_COUNT, AT(trial.load.retries),
           "max retries of a request after a loss or 5xx, each with a timeout "
           "of its own",
           "0", .max = CLIENT_RETRIES_MAX),
    OPTION("retry-budget", VALUE_SHARE, AT(trial.load.retry_budget),
           "max retries as a share of the requests so far; 0: no limit", "0"),
    OPTION("retry-delay", VALUE_TIME, AT(trial.load.retry_delay_us),
           "from a failure to the retry", "0"),
    OPTION("methods", VALUE_TEXT, AT(trial.load.methods),
           "chosen at random: GET,HEAD,POST,PUT,DELETE,OPTIONS,PATCH", "GET",
           .value = "LIST"),
    OPTION("paths", VALUE_TEXT, AT(trial.load.paths),
           "paths with queries to use instead of the url's, separated by "
           "spaces, chosen at random",
           .value = "LIST"),
    OPTION("mixture", VALUE_TEXT, AT(trial.load.mixture),
           "requests of several kinds to the built-in service, with weights, "
           "such as get:3 post:1; every byte of every response is checked",
           .value = "LIST"),
    OPTION("post-body", VALUE_SIZE, AT(trial.load.post_bytes),
           "bytes in the body of a POST, PUT or PATCH", "0", .max = 1e9),
    OPTION("token", VALUE_CHOICE, AT(trial.load.token),
           "where each request carries its token", "query", .value = "PLACE",
           .choices = token_place_names),
    OPTION("expect", VALUE_TEXT, AT(trial.load.expect),
           "text that every body must contain; a body without a length is "
           "known to be complete only if it ends with this text"),
    OPTION("body-size", VALUE_SIZE, AT(trial.load.body_bytes),
           "exact size of every body; the bytes after its last newline must "
           "repeat the alphabet; 0: any",
           "0", .max = 1e9),
};

static const struct option_row steady_state[] = {
    OPTION("availability", VALUE_SHARE, AT(trial.hypothesis.availability),
           "min share of requests that get a correct response"),
    OPTION("lost", VALUE_COUNT, AT(trial.hypothesis.lost),
           "max lost requests: without a response, or with an invalid one",
           .max = COUNT_MAX),
    OPTION("5xx", VALUE_COUNT, AT(trial.hypothesis.server_errors),
           "max responses with a status of 500 or more", .max = COUNT_MAX),
    OPTION("p50", VALUE_TIME, AT(trial.hypothesis.p50_us),
           "max median latency"),
    OPTION("p99", VALUE_TIME, AT(trial.hypothesis.p99_us),
           "max latency, 99th percentile"),
    OPTION("p99.9", VALUE_TIME, AT(trial.hypothesis.p999_us),
           "max latency, 99.9th percentile"),
    OPTION("max-gap", VALUE_TIME, AT(trial.hypothesis.gap_us),
           "max time without a correct response"),
};

static const struct option_row fault[] = {
    OPTION("kind", VALUE_CHOICE, OF(kind),
           "what to inject; request and clients hit no process: they last from "
           "`start` to `end` and use no key from signal to count",
           "signal", .value = "KIND", .choices = fault_kind_names),
    OPTION(
        "signal", VALUE_SIGNAL, OF(signal),
        "for signal: which one; a process that gets STOP gets CONT at the end",
        "KILL"),
    OPTION("effect-duration", VALUE_TIME, OF(effect_us),
           "for stop, slow, memory, files: how long the effect lasts", "1s",
           .min = 1),
    OPTION("limit", VALUE_SIZE, OF(limit),
           "for memory: bytes; for files: descriptors", .min = 1,
           .max = COUNT_MAX),
    OPTION("schedule", VALUE_CHOICE, OF(timing), "when injections occur",
           "every", .value = "KIND", .choices = timing_names),
    OPTION("interval", VALUE_TIME, OF(interval_us),
           "between injections or bursts; for poisson: on average; for once: "
           "time of the injection",
           "1s", .min = 1),
    OPTION("burst", VALUE_COUNT, OF(burst),
           "for burst: injections in one burst", "2", .min = 1, .max = 10000),
    OPTION("victim", VALUE_CHOICE, OF(victim), "which process to hit", "random",
           .value = "CHOICE", .choices = victim_choice_names),
    OPTION("slot", VALUE_COUNT, OF(slot),
           "for victim = slot: slot number in the supervisor's log, from 1",
           .min = 1, .max = SLOTS_MAX),
    OPTION("max-age", VALUE_TIME, OF(max_age_us),
           "for victim = starting: max age of the process", "20ms", .min = 1),
    OPTION("count", VALUE_COUNT, OF(count), "max injections of this fault",
           .min = 1, .fallback_help = "no limit", .max = COUNT_MAX),
    OPTION("start", VALUE_TIME, OF(start_us),
           "first time of this fault, from the beginning of the fault phase",
           "0"),
    OPTION("end", VALUE_TIME, OF(end_key_us),
           "end of this fault, on the same clock", .min = 1,
           .fallback_help = "the end of the fault phase"),
    OPTION("query", VALUE_TEXT, OF(query),
           "for request: query that asks for the fault, such as fault=segv",
           .value = "QUERY"),
    OPTION("share", VALUE_SHARE, OF(share),
           "for request: share of all requests", "1%"),
    OPTION("behaviour", VALUE_CHOICE, OF(behaviour),
           "for clients: how they misbehave", "slow", .value = "NAME",
           .choices = client_behaviour_names),
    OPTION("connections", VALUE_COUNT, OF(connections),
           "for clients: number of connections at a time", "50", .min = 1,
           .max = 10000),
};

static const struct option_row blast_radius[] = {
    OPTION("min-alive", VALUE_COUNT, AT(trial.faults.radius.min_alive),
           "min live processes that an injection must leave", "0",
           .max = COUNT_MAX),
    OPTION("max-faults", VALUE_COUNT, AT(trial.faults.radius.max),
           "max injections in the run", .min = 1, .fallback_help = "no limit",
           .max = COUNT_MAX),
    OPTION("max-per-minute", VALUE_COUNT, AT(trial.faults.radius.max_minute),
           "max injections in any 60 s", .min = 1, .max = MONKEY_MINUTE_MAX,
           .fallback_help = "no limit"),
};

static const struct option_row abort_when[] = {
    OPTION("lost", VALUE_COUNT, AT(trial.abort_lost),
           "stop the faults when more requests than this are lost",
           .max = COUNT_MAX),
    OPTION("availability", VALUE_SHARE, AT(trial.abort_availability),
           "stop the faults when availability is lower than this; 0: never",
           "0"),
    OPTION("for", VALUE_TIME, AT(trial.abort_for_us),
           "how long availability must be lower", "1s", .min = 100000),
};

static const struct option_row run[] = {
    OPTION("seed", VALUE_COUNT, AT(trial.seed), "seed of all random choices",
           .fallback_help = "from the clock"),
    OPTION("baseline", VALUE_TIME, AT(trial.baseline_us),
           "measure the steady state this long before the faults; 0: skip",
           "2s"),
    OPTION("duration", VALUE_TIME, AT(trial.fault_us),
           "length of the fault phase", "10s", .min = 1000),
    OPTION("recovery", VALUE_TIME, AT(trial.recovery_us),
           "measure this long after the faults; 0: skip", "2s"),
    OPTION("attribution-window", VALUE_TIME, AT(window_us),
           "attribute a loss to the last injection within this time before it",
           "500ms"),
};

#define SECTION(name, table)                                                   \
    {                                                                          \
        name, table, sizeof(table) / sizeof((table)[0])                        \
    }

const struct experiment_section experiment_sections[] = {
    SECTION("about", about),      SECTION("target", target),
    SECTION("load", load),        SECTION("steady-state", steady_state),
    SECTION("fault", fault),      SECTION("blast-radius", blast_radius),
    SECTION("abort", abort_when), SECTION("run", run),
};

const size_t experiment_section_count =
    sizeof(experiment_sections) / sizeof(experiment_sections[0]);

const struct experiment_section *experiment_section(const char *name,
                                                    size_t length)
{
    for (size_t i = 0; i < experiment_section_count; i++)
        if (strncmp(experiment_sections[i].name, name, length) == 0 &&
            experiment_sections[i].name[length] == '\0')
            return &experiment_sections[i];
    return NULL;
}
