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
      "what reports call it (the file's name)", NULL, 0, 0 },
    { "needs", OPTION_VALUE_TEXT, AT(needs), NULL, "PROGRAM",
      "skipped, and said so, where this is not installed", NULL, 0, 0 },
};

static const struct option target[] = {
    { "start", OPTION_VALUE_TEXT, AT(start), NULL, "COMMAND",
      "is started for the run, and ended after it; words in \"\" may hold "
      "blanks",
      NULL, 0, 0 },
    { "pid", OPTION_VALUE_TEXT, AT(pid), NULL, "PID",
      "it runs already, and this is its root", NULL, 0, 0 },
    { "pidfile", OPTION_VALUE_TEXT, AT(pidfile), NULL, "FILE",
      "it runs already, and its root stands in here", NULL, 0, 0 },
    { "url", OPTION_VALUE_TEXT, AT(url), NULL, "URL",
      "where it answers; port 0: the one its log tells", NULL, 0, 0 },
    { "match", OPTION_VALUE_TEXT, AT(pattern), NULL, "PATTERN",
      "only command lines like this are hit", NULL, 0, 0 },
    { "descendants", OPTION_VALUE_FLAG, AT(descendants), "no", "",
      "children of children are hit too", NULL, 0, 0 },
    { "exit-ok", OPTION_VALUE_FLAG, AT(exit_ok), "no", "",
      "its end is no failure: the load goes on, and is refused", NULL, 0, 0 },
    { "ready", OPTION_VALUE_TIME, AT(ready_us), "10s", "TIME",
      "patience with its start", NULL, 1000, MAX_US },
    { "grace", OPTION_VALUE_TIME, AT(grace_us), "15s", "TIME",
      "patience with its end, after SIGTERM", NULL, 1000, MAX_US },
};

static const struct option load[] = {
    { "rate", OPTION_VALUE_REAL, AT(load.rate), "100", "N",
      "requests a second, however slow the answers", NULL, 0.001, 1e6 },
    { "max-fork-share", OPTION_VALUE_SHARE, AT(max_fork_share), "0", "SHARE",
      "no higher rate than this, of the forks a second that the machine makes "
      "just before; 0: as it stands",
      NULL, 0, 0 },
    { "poisson", OPTION_VALUE_FLAG, AT(load.poisson), "no", "",
      "at random instants instead of even ones", NULL, 0, 0 },
    { "closed", OPTION_VALUE_FLAG, AT(load.closed), "no", "",
      "no rate: each connection asks again when it is answered", NULL, 0, 0 },
    { "connections", OPTION_VALUE_COUNT, AT(load.connections), "32", "N",
      "most at once of each kind, kept and new", NULL, 1, 100000 },
    { "new-connections", OPTION_VALUE_SHARE, AT(load.new_share), "50%", "SHARE",
      "of requests on a connection of their own", NULL, 0, 0 },
    { "timeout", OPTION_VALUE_TIME, AT(load.timeout_us), "5s", "TIME",
      "for a request, from its intended time", NULL, 1000, MAX_US },
    { "retries", OPTION_VALUE_COUNT, AT(load.retries), "0", "N",
      "asked again so often after a loss or 5xx, each time with a timeout of "
      "its own",
      NULL, 0, CLIENT_RETRIES_MAX },
    { "retry-budget", OPTION_VALUE_SHARE, AT(load.retry_budget), "0", "SHARE",
      "retries at most, of the requests so far; 0: no limit", NULL, 0, 0 },
    { "retry-delay", OPTION_VALUE_TIME, AT(load.retry_delay_us), "0", "TIME",
      "from a failure to the next try", NULL, 0, MAX_US },
    { "methods", OPTION_VALUE_TEXT, AT(methods), "GET", "LIST",
      "drawn evenly: GET,HEAD,POST,PUT,DELETE,OPTIONS,PATCH", NULL, 0, 0 },
    { "paths", OPTION_VALUE_TEXT, AT(paths), NULL, "LIST",
      "paths and queries instead of the url's, parted by blanks, drawn evenly",
      NULL, 0, 0 },
    { "post-body", OPTION_VALUE_SIZE, AT(post_bytes), "0", "SIZE",
      "what a POST, PUT or PATCH carries", NULL, 0, 1e9 },
    { "token", OPTION_VALUE_CHOICE, AT(token), "query", "PLACE",
      "where each request's token stands", token_place_names, 0, 0 },
    { "expect", OPTION_VALUE_TEXT, AT(expect), NULL, "TEXT",
      "what every body must contain; an answer that ends with its connection "
      "is known to be whole if this ends it",
      NULL, 0, 0 },
    { "body-size", OPTION_VALUE_SIZE, AT(body_bytes), "0", "SIZE",
      "every body has just so many bytes, the alphabet over and over behind "
      "its "
      "last newline; 0: any",
      NULL, 0, 1e9 },
};

static const struct option steady_state[] = {
    { "availability", OPTION_VALUE_SHARE, AT(hypothesis.availability), NULL,
      "SHARE", "of requests answered rightly: at least", NULL, 0, 0 },
    { "lost", OPTION_VALUE_COUNT, AT(hypothesis.lost), NULL, "N",
      "requests without a sound answer: at most", NULL, 0, 0 },
    { "5xx", OPTION_VALUE_COUNT, AT(hypothesis.server_errors), NULL, "N",
      "at most", NULL, 0, 0 },
    { "p50", OPTION_VALUE_TIME, AT(hypothesis.p50_us), NULL, "TIME",
      "of the latency: at most", NULL, 0, 0 },
    { "p99", OPTION_VALUE_TIME, AT(hypothesis.p99_us), NULL, "TIME", "at most",
      NULL, 0, 0 },
    { "p99.9", OPTION_VALUE_TIME, AT(hypothesis.p999_us), NULL, "TIME",
      "at most", NULL, 0, 0 },
    { "max-gap", OPTION_VALUE_TIME, AT(hypothesis.gap_us), NULL, "TIME",
      "longest time without a success: at most", NULL, 0, 0 },
};

static const struct option fault[] = {
    { "kind", OPTION_VALUE_CHOICE, OF(kind), "signal", "KIND",
      "what is done; request and clients hit no process: they go on from "
      "`start` to `end`, and take no key from signal to count",
      fault_names, 0, 0 },
    { "signal", OPTION_VALUE_SIGNAL, OF(signal), "KILL", "SIGNAL",
      "which one, for signal; who gets STOP goes on in the end", NULL, 0, 0 },
    { "effect-duration", OPTION_VALUE_TIME, OF(effect_us), "1s", "TIME",
      "how long, for stop, slow, memory, files", NULL, 1, MAX_US },
    { "limit", OPTION_VALUE_SIZE, OF(limit), NULL, "SIZE",
      "bytes for memory, descriptors for files", NULL, 1, 1e15 },
    { "schedule", OPTION_VALUE_CHOICE, OF(timing), "every", "KIND",
      "when victims are hit", timing_names, 0, 0 },
    { "interval", OPTION_VALUE_TIME, OF(interval_us), "1s", "TIME",
      "between injections or bursts; on average for poisson; for once, when",
      NULL, 1, MAX_US },
    { "burst", OPTION_VALUE_COUNT, OF(burst), "2", "N", "injections in a burst",
      NULL, 1, 10000 },
    { "victim", OPTION_VALUE_CHOICE, OF(victim), "random", "CHOICE",
      "who is hit", victim_choice_names, 0, 0 },
    { "slot", OPTION_VALUE_COUNT, OF(slot), NULL, "N",
      "for victim = slot: which, as the supervisor's log numbers them, from 1",
      NULL, 1, SLOTS_MAX },
    { "max-age", OPTION_VALUE_TIME, OF(max_age_us), "20ms", "TIME",
      "how old a victim may be, for starting", NULL, 1, MAX_US },
    { "count", OPTION_VALUE_COUNT, OF(count), NULL, "N",
      "injections in all (no limit)", NULL, 1, 1e15 },
    { "start", OPTION_VALUE_TIME, OF(start_us), "0", "TIME",
      "after the beginning of the faults", NULL, 0, MAX_US },
    { "end", OPTION_VALUE_TIME, OF(end_us), NULL, "TIME",
      "likewise (their end)", NULL, 1, MAX_US },
    { "query", OPTION_VALUE_TEXT, OF(query), NULL, "QUERY",
      "for request: what asks for the fault, such as fault=segv", NULL, 0, 0 },
    { "share", OPTION_VALUE_SHARE, OF(share), "1%", "SHARE",
      "for request: of all requests", NULL, 0, 0 },
    { "behaviour", OPTION_VALUE_CHOICE, OF(behaviour), "slow", "BEHAVIOUR",
      "for clients: how they misbehave", client_behaviour_names, 0, 0 },
    { "connections", OPTION_VALUE_COUNT, OF(connections), "50", "N",
      "for clients: how many at once", NULL, 1, 10000 },
};

static const struct option blast_radius[] = {
    { "min-alive", OPTION_VALUE_COUNT, AT(radius.min_alive), "0", "N",
      "processes that an injection must leave untouched", NULL, 0, 0 },
    { "max-faults", OPTION_VALUE_COUNT, AT(radius.max), NULL, "N",
      "injections in all (no limit)", NULL, 1, 1e15 },
    { "max-per-minute", OPTION_VALUE_COUNT, AT(radius.max_minute), NULL, "N",
      "injections in any 60 s (no limit)", NULL, 1, MONKEY_MINUTE_MAX },
};

static const struct option abort_when[] = {
    { "lost", OPTION_VALUE_COUNT, AT(abort_lost), NULL, "N",
      "the faults stop when more are lost", NULL, 0, 0 },
    { "availability", OPTION_VALUE_SHARE, AT(abort_availability), "0", "SHARE",
      "the faults stop when it was lower", NULL, 0, 0 },
    { "for", OPTION_VALUE_TIME, AT(abort_for_us), "1s", "TIME",
      "for as long as this", NULL, 100000, MAX_US },
};

static const struct option run[] = {
    { "seed", OPTION_VALUE_COUNT, AT(seed), NULL, "N",
      "of all random choices (the clock)", NULL, 0, 0 },
    { "baseline", OPTION_VALUE_TIME, AT(baseline_us), "2s", "TIME",
      "the steady state is measured before any fault; 0: it is not", NULL, 0,
      0 },
    { "duration", OPTION_VALUE_TIME, AT(fault_us), "10s", "TIME",
      "of the faults", NULL, 1000, MAX_US },
    { "recovery", OPTION_VALUE_TIME, AT(recovery_us), "2s", "TIME",
      "and it is measured again after them; 0: it is not", NULL, 0, 0 },
    { "attribution-window", OPTION_VALUE_TIME, AT(window_us), "500ms", "TIME",
      "a loss is put down to the last injection within this before it", NULL, 0,
      0 },
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
