/* SPDX-License-Identifier: MIT */
/* table.c - the options, in the order of --help, and how the values are parsed
 * that only the supervisor has. */
#include "supervisor/options/options.h"
#include "supervisor/policy/address.h"
#include "supervisor/policy/response_memory.h"
#include "worker/units.h"
#include <string.h>

#define MS UINT64_C(1000)

/* Permissions in octal. */
static bool set_mode(const struct option_row *row, void *fields,
                     const char *text)
{
    uint32_t mode = 0;

    if (*text == '\0')
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '7')
            return false;
        mode = mode * 8 + (uint32_t)(*text - '0');
        if (mode > 0777)
            return false;
    }
    *(uint32_t *)(void *)((char *)fields + row->field) = mode;
    return true;
}

static bool set_intensity(const struct option_row *row, void *fields,
                          const char *text)
{
    const char *slash = strchr(text, '/');
    struct options *options = fields;
    uint64_t limit, window_us;

    (void)row;
    if (!slash || !units_count(text, (size_t)(slash - text), &limit) ||
        limit > INTENSITY_LIMIT_MAX ||
        !units_time(slash + 1, strlen(slash + 1), &window_us) ||
        window_us < 1 * MS || window_us > 3600 * 1000 * MS)
        return false;
    options->intensity_limit = (uint32_t)limit;
    options->intensity_window_us = window_us;
    return true;
}

static bool set_listen(const struct option_row *row, void *fields,
                       const char *text)
{
    struct options *options = fields;
    struct address address;

    (void)row;
    if (options->listen_count == OPTIONS_LISTEN_MAX ||
        !listen_address_read(text, &address))
        return false;
    options->listen[options->listen_count++] = text;
    return true;
}

_Static_assert(INTENSITY_LIMIT_MAX == 1000 && OPTIONS_LISTEN_MAX == 16,
               "the texts below say 1000 and 16");

#define LISTEN_ALLOWED                                                         \
    "ADDR:PORT with an IPv4 address or an IPv6 address in [], such as "        \
    "0.0.0.0:80 or [::]:80, and a port from 0 to 65535; or unix:PATH with at " \
    "most 107 bytes; at most 16 listeners"

#define FIELD(name) offsetof(struct options, name)

const struct option_row supervisor_rows[] = {
    OPTION("listen", VALUE_CUSTOM, FIELD(listen),
           "accept connections on this address: 127.0.0.1:8086, [::1]:8086 or "
           "unix:PATH; port 0: the kernel chooses one; may be given up to 16 "
           "times",
           .value = "ADDR:PORT", .group = "Connections", .letter = 'l',
           .set = set_listen, .allowed = LISTEN_ALLOWED,
           .fallback_help = OPTIONS_LISTEN_DEFAULT),
    OPTION("socket-mode", VALUE_CUSTOM, FIELD(socket_mode),
           "permissions of the file of unix:PATH, in octal, independent of the "
           "umask; clients need write permission",
           "0660", .value = "MODE", .set = set_mode,
           .allowed = "octal permissions from 0 to 0777"),
    OPTION("max-connections", VALUE_NUMBER, FIELD(max_connections),
           "max. number of open connections (per worker if workers accept "
           "themselves); more connections wait in the kernel's backlog",
           "10000", .min = 1, .max = 1000000),
    OPTION(
        "max-response-memory", VALUE_SIZE, FIELD(max_response_memory),
        "max. memory of all processes together for responses that clients have "
        "not read yet; a large response that does not fit is replaced by 503",
        .min = RESPONSE_MEMORY_MIN_BYTES, .max = RESPONSE_MEMORY_MAX_BYTES,
        .fallback_help = "a third of the memory cgroup's limit or a quarter of "
                         "the machine's memory, whichever is less"),
    OPTION("handoff", VALUE_CHOICE, FIELD(handoff),
           "what a worker gets: one request of a connection at a time, or the "
           "whole connection",
           .choices = OPTION_CHOICES("request", "connection"),
           .fallback_help =
               "request if --exit-after is above 0, the supervisor "
               "accepts, and --no-retain is not given; else "
               "connection"),
    OPTION(
        "schedule", VALUE_CHOICE, FIELD(schedule),
        "which worker gets the next connection or request: round robin (rr); "
        "the worker with the fewest connections (least); or the workers accept "
        "themselves, from one listener (shared) or one listener each "
        "(reuseport), and a worker's death loses its connections",
        "rr", .choices = OPTION_CHOICES("rr", "least", "shared", "reuseport")),
    OPTION("keep-listeners", VALUE_FLAG, FIELD(keep_listeners),
           "with --schedule reuseport: keep a slot's listener open for its "
           "next worker; without this option, a worker's death resets the "
           "connections in its backlog, unless net.ipv4.tcp_migrate_req is 1"),

    OPTION("workers", VALUE_NUMBER, FIELD(workers), "worker processes",
           .group = "Workers", .letter = 'w', .min = 1,
           .max = OPTIONS_WORKERS_MAX, .fallback_help = "the number of CPUs"),
    OPTION("spares", VALUE_NUMBER, FIELD(spares),
           "spare workers, forked in advance; a spare replaces a dead worker "
           "immediately",
           "1", .letter = 's', .max = OPTIONS_WORKERS_MAX),
    OPTION("exit-after", VALUE_COUNT, FIELD(exit_after),
           "a worker exits after N responses; 0: never", "1",
           .max = 1000000000),
    OPTION("exit-code", VALUE_NUMBER, FIELD(exit_code),
           "exit code after --exit-after", "1", .max = 255),
    OPTION("exit-delay", VALUE_TIME, FIELD(exit_delay_us),
           "time from response N of --exit-after to the exit; the worker "
           "continues to answer meanwhile",
           "0"),

    OPTION("respawn", VALUE_CHOICE, FIELD(respawn),
           "which worker exits are followed by a fork; with never, the "
           "listener closes after the last worker's exit",
           "always", .group = "Restarts",
           .choices = OPTION_CHOICES("always", "on-failure", "never")),
    OPTION("backoff", VALUE_CHOICE, FIELD(backoff.kind),
           "how the delay before a fork grows with consecutive failures; there "
           "is no delay after the first failure",
           "exponential",
           .choices =
               OPTION_CHOICES("none", "constant", "exponential", "jitter")),
    OPTION("backoff-base", VALUE_TIME, FIELD(backoff.base_us),
           "delay after the second consecutive failure", "100ms"),
    OPTION("backoff-cap", VALUE_TIME, FIELD(backoff.cap_us), "max. delay",
           "5s"),
    OPTION("healthy-after", VALUE_TIME, FIELD(healthy_after_us),
           "a worker that lived this long or answered a request did not fail",
           "1s", .min = 1 * MS),
    OPTION("restart-intensity", VALUE_CUSTOM, FIELD(intensity_limit),
           "a crash loop is more than R failures in time T, if more than half "
           "of the forks in T failed",
           "10/5s", .value = "R/T", .set = set_intensity,
           .allowed = "R/T with R from 0 to 1000 and T from 1ms to 60m, for "
                      "example 10/5s"),
    OPTION("on-crash-loop", VALUE_CHOICE, FIELD(on_crash_loop),
           "what follows a crash loop: fork single workers at growing "
           "intervals until one answers, or lives for --healthy-after (probe); "
           "drain and exit with 70 (give-up); or fork none until SIGHUP "
           "(hold); not with --respawn never",
           "probe", .choices = OPTION_CHOICES("probe", "give-up", "hold")),
    OPTION("max-starting", VALUE_NUMBER, FIELD(max_starting),
           "max. number of workers that start at the same time", .min = 1,
           .max = 1024, .fallback_help = "the number of CPUs, at least 2"),
    OPTION("seed", VALUE_COUNT, FIELD(seed),
           "seed of the random number generator", .fallback_help = "random"),
    OPTION(
        "explain", VALUE_FLAG, FIELD(explain),
        "print the restart delays and when a crash loop is detected, and exit"),

    OPTION("start-timeout", VALUE_TIME, FIELD(start_timeout_us),
           "a worker that is not online after this time is killed", "10s",
           .group = "Deadlines", .min = 1 * MS),
    OPTION("queue-timeout", VALUE_TIME, FIELD(queue_timeout_us),
           "a connection that waits longer for a worker gets 503", "5s",
           .min = 1 * MS),
    OPTION("header-timeout", VALUE_TIME, FIELD(header_timeout_us),
           "a request that takes longer to arrive gets 408", "10s",
           .min = 1 * MS),
    OPTION("request-timeout", VALUE_TIME, FIELD(request_timeout_us),
           "a worker that takes longer to answer is killed as hung", "30s",
           .min = 1 * MS),
    OPTION("idle-timeout", VALUE_TIME, FIELD(idle_timeout_us),
           "a connection is closed if its client sends no request, or reads "
           "none of its response, for this time",
           "60s", .min = 1 * MS),
    OPTION("drain-timeout", VALUE_TIME, FIELD(drain_timeout_us),
           "time a worker has to exit after the supervisor asked it to; if it "
           "exits on its own, --request-timeout is added",
           "10s"),

    OPTION("max-header", VALUE_SIZE, FIELD(max_header_bytes),
           "a request with a longer header gets 431", "16k",
           .group = "Requests", .min = 256, .max = 1024 * 1024),
    OPTION("max-body", VALUE_SIZE, FIELD(max_body_bytes),
           "a request with a longer body gets 413", "64k",
           .max = 16 * 1024 * 1024),
    OPTION("max-attempts", VALUE_NUMBER, FIELD(max_attempts),
           "number of workers that a request may crash before it gets 500", "2",
           .min = 1, .max = 200),
    OPTION("max-kills", VALUE_NUMBER, FIELD(max_kills),
           "number of workers killed from outside while they handle a request "
           "before it gets 500",
           "20", .min = 1, .max = 200),
    OPTION("quarantine", VALUE_TIME, FIELD(quarantine_us),
           "how long a request that crashed too many workers is refused if it "
           "is repeated byte for byte; 0: no quarantine",
           "60s"),

    OPTION("log", VALUE_PATH, FIELD(log_path), "file to append the log to",
           .group = "Log", .fallback_help = "standard error"),
    OPTION("log-format", VALUE_CHOICE, FIELD(log_format),
           "text for people, or one JSON object per line", "text",
           .choices = OPTION_CHOICES("text", "json")),
    OPTION("report-every", VALUE_TIME, FIELD(report_every_us),
           "interval of the log's summary of failures; 0: only at the end",
           "60m"),
    OPTION("list-events", VALUE_FLAG, FIELD(list_events),
           "print a table of all events of the log and their fields, in "
           "Markdown, and exit"),

    OPTION("faults", VALUE_FLAG, FIELD(faults),
           "allow --crash-at-start and requests that ask for a fault",
           .group = "Teaching and testing"),
    OPTION("crash-at-start", VALUE_FLAG, FIELD(crash_at_start),
           "every worker exits with code 1 before it is online"),
    OPTION("crash-until", VALUE_TIME, FIELD(crash_until_us),
           "--crash-at-start ends this long after the supervisor's start, as "
           "if the error had been fixed; 0: never",
           "0"),
    OPTION("start-delay", VALUE_TIME, FIELD(start_delay_us),
           "every worker takes this long to start", "0"),
    OPTION("start-lock", VALUE_FLAG, FIELD(start_lock),
           "hold an exclusive lock while starting; a worker that cannot get it "
           "exits with 75 (EX_TEMPFAIL); requires --start-delay"),
    OPTION("no-retain", VALUE_FLAG, FIELD(no_retain),
           "keep no duplicate of a connection: a worker's death loses its "
           "connections"),
};

const size_t supervisor_row_count =
    sizeof(supervisor_rows) / sizeof(supervisor_rows[0]);
_Static_assert(sizeof(supervisor_rows) / sizeof(supervisor_rows[0]) <=
                   SUPERVISOR_ROWS_MAX,
               "SUPERVISOR_ROWS_MAX is too small");
