/* SPDX-License-Identifier: MIT */
/* keys.c - every key of an experiment file; see experiment.h. */
#include "chaos/experiment/experiment.h"
#include <string.h>

#define AT(field) offsetof(struct experiment, field)
#define OF(field) offsetof(struct experiment_fault, field)
#define MAX_US    1e12

static const char *const fault_names[EXPERIMENT_FAULT_KINDS + 1] = {
    [EXPERIMENT_SIGNAL] = "signal",   [EXPERIMENT_STOP] = "stop",
    [EXPERIMENT_SLOW] = "slow",       [EXPERIMENT_MEMORY] = "memory",
    [EXPERIMENT_FILES] = "files",     [EXPERIMENT_REQUEST] = "request",
    [EXPERIMENT_CLIENTS] = "clients",
};

static const struct option about[] = {
    { "title", OPTION_VALUE_TEXT, AT(title), NULL, "TEXT",
      "title in reports (the file's name)", NULL, 0, 0 },
    { "needs", OPTION_VALUE_TEXT, AT(needs), NULL, "PROGRAM",
      "skip the experiment, with a message, if this is not installed", NULL, 0,
      0 },
};

static const struct option target[] = {
    { "start", OPTION_VALUE_TEXT, AT(start), NULL, "COMMAND",
      "command to start for the run and to end after it; a word in \"\" may "
      "contain spaces",
      NULL, 0, 0 },
    { "pid", OPTION_VALUE_TEXT, AT(pid), NULL, "PID",
      "process ID of the root of a target that already runs", NULL, 0, 0 },
    { "pidfile", OPTION_VALUE_TEXT, AT(pidfile), NULL, "FILE",
      "file that contains this process ID", NULL, 0, 0 },
    { "url", OPTION_VALUE_TEXT, AT(url), NULL, "URL",
      "URL to request; port 0: the port that the target's log reports", NULL, 0,
      0 },
    { "match", OPTION_VALUE_TEXT, AT(pattern), NULL, "PATTERN",
      "only hit processes whose command line matches", NULL, 0, 0 },
    { "descendants", OPTION_VALUE_FLAG, AT(descendants), "no", "",
      "also hit children of children", NULL, 0, 0 },
    { "exit-ok", OPTION_VALUE_FLAG, AT(exit_ok), "no", "",
      "an exit of the target is not a failure: the load continues", NULL, 0,
      0 },
    { "ready", OPTION_VALUE_TIME, AT(ready_us), "10s", "TIME",
      "time to wait until it accepts connections", NULL, 1000, MAX_US },
    { "grace", OPTION_VALUE_TIME, AT(grace_us), "15s", "TIME",
      "time to wait for its exit after SIGTERM, before SIGKILL", NULL, 1000,
      MAX_US },
};

static const struct option load[] = {
    { "rate", OPTION_VALUE_REAL, AT(load.rate), "100", "N",
      "requests per second, regardless of how slow responses are", NULL, 0.001,
      1e6 },
    { "max-fork-share", OPTION_VALUE_SHARE, AT(max_fork_share), "0", "SHARE",
      "limit the rate to this share of the machine's forks per second, "
      "measured before the run; 0: no limit",
      NULL, 0, 0 },
    { "poisson", OPTION_VALUE_FLAG, AT(load.poisson), "no", "",
      "send at random instants instead of even intervals", NULL, 0, 0 },
    { "closed", OPTION_VALUE_FLAG, AT(load.closed), "no", "",
      "no rate: each connection sends its next request after a response", NULL,
      0, 0 },
    { "connections", OPTION_VALUE_COUNT, AT(load.connections), "32", "N",
      "max open at a time of each kind: persistent and new", NULL, 1, 100000 },
    { "new-connections", OPTION_VALUE_SHARE, AT(load.new_share), "50%", "SHARE",
      "share of requests that open a connection of their own", NULL, 0, 0 },
    { "timeout", OPTION_VALUE_TIME, AT(load.timeout_us), "5s", "TIME",
      "for one request, from its intended send time", NULL, 1000, MAX_US },
    { "retries", OPTION_VALUE_COUNT, AT(load.retries), "0", "N",
      "max retries of a request after a loss or 5xx, each with a timeout of "
      "its own",
      NULL, 0, CLIENT_RETRIES_MAX },
    { "retry-budget", OPTION_VALUE_SHARE, AT(load.retry_budget), "0", "SHARE",
      "max retries as a share of the requests so far; 0: no limit", NULL, 0,
      0 },
    { "retry-delay", OPTION_VALUE_TIME, AT(load.retry_delay_us), "0", "TIME",
      "from a failure to the retry", NULL, 0, MAX_US },
    { "methods", OPTION_VALUE_TEXT, AT(methods), "GET", "LIST",
      "chosen at random: GET,HEAD,POST,PUT,DELETE,OPTIONS,PATCH", NULL, 0, 0 },
    { "paths", OPTION_VALUE_TEXT, AT(paths), NULL, "LIST",
      "paths with queries to use instead of the url's, separated by spaces, "
      "chosen at random",
      NULL, 0, 0 },
    { "mixture", OPTION_VALUE_TEXT, AT(mixture), NULL, "LIST",
      "requests of several kinds to the built-in service, with weights, such "
      "as get:3 post:1; every byte of every response is checked",
      NULL, 0, 0 },
    { "post-body", OPTION_VALUE_SIZE, AT(post_bytes), "0", "SIZE",
      "bytes in the body of a POST, PUT or PATCH", NULL, 0, 1e9 },
    { "token", OPTION_VALUE_CHOICE, AT(token), "query", "PLACE",
      "where each request carries its token", token_place_names, 0, 0 },
    { "expect", OPTION_VALUE_TEXT, AT(expect), NULL, "TEXT",
      "text that every body must contain; a body without a length is known "
      "to be complete only if it ends with this text",
      NULL, 0, 0 },
    { "body-size", OPTION_VALUE_SIZE, AT(body_bytes), "0", "SIZE",
      "exact size of every body; the bytes after its last newline must "
      "repeat the alphabet; 0: any",
      NULL, 0, 1e9 },
};

static const struct option steady_state[] = {
    { "availability", OPTION_VALUE_SHARE, AT(hypothesis.availability), NULL,
      "SHARE", "min share of requests that get a correct response", NULL, 0,
      0 },
    { "lost", OPTION_VALUE_COUNT, AT(hypothesis.lost), NULL, "N",
      "max lost requests: without a response, or with an invalid one", NULL, 0,
      0 },
    { "5xx", OPTION_VALUE_COUNT, AT(hypothesis.server_errors), NULL, "N",
      "max responses with a status of 500 or more", NULL, 0, 0 },
    { "p50", OPTION_VALUE_TIME, AT(hypothesis.p50_us), NULL, "TIME",
      "max median latency", NULL, 0, 0 },
    { "p99", OPTION_VALUE_TIME, AT(hypothesis.p99_us), NULL, "TIME",
      "max latency, 99th percentile", NULL, 0, 0 },
    { "p99.9", OPTION_VALUE_TIME, AT(hypothesis.p999_us), NULL, "TIME",
      "max latency, 99.9th percentile", NULL, 0, 0 },
    { "max-gap", OPTION_VALUE_TIME, AT(hypothesis.gap_us), NULL, "TIME",
      "max time without a correct response", NULL, 0, 0 },
};

static const struct option fault[] = {
    { "kind", OPTION_VALUE_CHOICE, OF(kind), "signal", "KIND",
      "what to inject; request and clients hit no process: they last from "
      "`start` to `end` and use no key from signal to count",
      fault_names, 0, 0 },
    { "signal", OPTION_VALUE_SIGNAL, OF(signal), "KILL", "SIGNAL",
      "for signal: which one; a process that gets STOP gets CONT at the end",
      NULL, 0, 0 },
    { "effect-duration", OPTION_VALUE_TIME, OF(effect_us), "1s", "TIME",
      "for stop, slow, memory, files: how long the effect lasts", NULL, 1,
      MAX_US },
    { "limit", OPTION_VALUE_SIZE, OF(limit), NULL, "SIZE",
      "for memory: bytes; for files: descriptors", NULL, 1, 1e15 },
    { "schedule", OPTION_VALUE_CHOICE, OF(timing), "every", "KIND",
      "when injections occur", timing_names, 0, 0 },
    { "interval", OPTION_VALUE_TIME, OF(interval_us), "1s", "TIME",
      "between injections or bursts; for poisson: on average; for once: time "
      "of the injection",
      NULL, 1, MAX_US },
    { "burst", OPTION_VALUE_COUNT, OF(burst), "2", "N",
      "for burst: injections in one burst", NULL, 1, 10000 },
    { "victim", OPTION_VALUE_CHOICE, OF(victim), "random", "CHOICE",
      "which process to hit", victim_choice_names, 0, 0 },
    { "slot", OPTION_VALUE_COUNT, OF(slot), NULL, "N",
      "for victim = slot: slot number in the supervisor's log, from 1", NULL, 1,
      SLOTS_MAX },
    { "max-age", OPTION_VALUE_TIME, OF(max_age_us), "20ms", "TIME",
      "for victim = starting: max age of the process", NULL, 1, MAX_US },
    { "count", OPTION_VALUE_COUNT, OF(count), NULL, "N",
      "max injections of this fault (no limit)", NULL, 1, 1e15 },
    { "start", OPTION_VALUE_TIME, OF(start_us), "0", "TIME",
      "first time of this fault, from the beginning of the fault phase", NULL,
      0, MAX_US },
    { "end", OPTION_VALUE_TIME, OF(end_us), NULL, "TIME",
      "end of this fault, on the same clock (end of the fault phase)", NULL, 1,
      MAX_US },
    { "query", OPTION_VALUE_TEXT, OF(query), NULL, "QUERY",
      "for request: query that asks for the fault, such as fault=segv", NULL, 0,
      0 },
    { "share", OPTION_VALUE_SHARE, OF(share), "1%", "SHARE",
      "for request: share of all requests", NULL, 0, 0 },
    { "behaviour", OPTION_VALUE_CHOICE, OF(behaviour), "slow", "NAME",
      "for clients: how they misbehave", client_behaviour_names, 0, 0 },
    { "connections", OPTION_VALUE_COUNT, OF(connections), "50", "N",
      "for clients: number of connections at a time", NULL, 1, 10000 },
};

static const struct option blast_radius[] = {
    { "min-alive", OPTION_VALUE_COUNT, AT(radius.min_alive), "0", "N",
      "min live processes that an injection must leave", NULL, 0, 0 },
    { "max-faults", OPTION_VALUE_COUNT, AT(radius.max), NULL, "N",
      "max injections in the run (no limit)", NULL, 1, 1e15 },
    { "max-per-minute", OPTION_VALUE_COUNT, AT(radius.max_minute), NULL, "N",
      "max injections in any 60 s (no limit)", NULL, 1, MONKEY_MINUTE_MAX },
};

static const struct option abort_when[] = {
    { "lost", OPTION_VALUE_COUNT, AT(abort_lost), NULL, "N",
      "stop the faults when more requests than this are lost", NULL, 0, 0 },
    { "availability", OPTION_VALUE_SHARE, AT(abort_availability), "0", "SHARE",
      "stop the faults when availability is lower than this; 0: never", NULL, 0,
      0 },
    { "for", OPTION_VALUE_TIME, AT(abort_for_us), "1s", "TIME",
      "how long availability must be lower", NULL, 100000, MAX_US },
};

static const struct option run[] = {
    { "seed", OPTION_VALUE_COUNT, AT(seed), NULL, "N",
      "seed of all random choices (the clock)", NULL, 0, 0 },
    { "baseline", OPTION_VALUE_TIME, AT(baseline_us), "2s", "TIME",
      "measure the steady state this long before the faults; 0: skip", NULL, 0,
      0 },
    { "duration", OPTION_VALUE_TIME, AT(fault_us), "10s", "TIME",
      "length of the fault phase", NULL, 1000, MAX_US },
    { "recovery", OPTION_VALUE_TIME, AT(recovery_us), "2s", "TIME",
      "measure this long after the faults; 0: skip", NULL, 0, 0 },
    { "attribution-window", OPTION_VALUE_TIME, AT(window_us), "500ms", "TIME",
      "attribute a loss to the last injection within this time before it", NULL,
      0, 0 },
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
