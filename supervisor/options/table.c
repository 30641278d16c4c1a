/* SPDX-License-Identifier: MIT */
/* table.c - the options, in the order of --help.  A default is parsed like a
 * value on the command line. */
#include "supervisor/options/table.h"
#include "supervisor/policy/response_memory.h"
#include "worker/units.h"

#define FIELD(name) offsetof(struct options, name)
#define MS          UINT64_C(1000)
#define DAY         UNITS_TIME_LIMIT_US

/* clang-format off */
const struct option_row option_rows[OPTION_COUNT] = {
    [OPTION_LISTEN] = { "Connections", "listen", 'l', VALUE_LISTEN,
        "ADDR:PORT", 0, 0, 0, NULL, OPTIONS_LISTEN_DEFAULT,
        "accept connections on this address: 127.0.0.1:8086, [::1]:8086 or "
        "unix:PATH; port 0: the kernel chooses one; may be given up to 16 "
        "times" },
    [OPTION_SOCKET_MODE] = { NULL, "socket-mode", 0, VALUE_MODE,
        "MODE", FIELD(socket_mode), 0, 0777, "0660", NULL,
        "permissions of the file of unix:PATH, in octal, independent of the "
        "umask; clients need write permission" },
    [OPTION_MAX_CONNECTIONS] = { NULL, "max-connections", 0, VALUE_NUMBER,
        "N", FIELD(max_connections), 1, 1000000, "10000", NULL,
        "max. number of open connections (per worker if workers accept "
        "themselves); more connections wait in the kernel's backlog" },
    [OPTION_MAX_RESPONSE_MEMORY] = { NULL, "max-response-memory", 0, VALUE_SIZE,
        "BYTES", FIELD(max_response_memory), RESPONSE_MEMORY_MIN_BYTES,
        RESPONSE_MEMORY_MAX_BYTES, NULL,
        "a third of the memory cgroup's limit or a quarter of the machine's "
        "memory, whichever is less",
        "max. memory of all processes together for responses that clients "
        "have not read yet; a large response that does not fit is replaced "
        "by 503" },
    [OPTION_HANDOFF] = { NULL, "handoff", 0, VALUE_CHOICE,
        "request|connection", FIELD(handoff), 0, 0, NULL,
        "request if --exit-after is above 0, the supervisor accepts, and "
        "--no-retain is not given; else connection",
        "what a worker gets: one request of a connection at a time, or the "
        "whole connection" },
    [OPTION_SCHEDULE] = { NULL, "schedule", 0, VALUE_CHOICE,
        "rr|least|shared|reuseport", FIELD(schedule), 0, 0, "rr", NULL,
        "which worker gets the next connection or request: round robin (rr); "
        "the worker with the fewest connections (least); or the workers "
        "accept themselves, from one listener (shared) or one listener each "
        "(reuseport), and a worker's death loses its connections" },
    [OPTION_KEEP_LISTENERS] = { NULL, "keep-listeners", 0, VALUE_FLAG,
        NULL, FIELD(keep_listeners), 0, 0, NULL, NULL,
        "with --schedule reuseport: keep a slot's listener open for its next "
        "worker; without this option, a worker's death resets the connections "
        "in its backlog, unless net.ipv4.tcp_migrate_req is 1" },

    [OPTION_WORKERS] = { "Workers", "workers", 'w', VALUE_NUMBER,
        "N", FIELD(workers), 1, 512, NULL, "the number of CPUs",
        "worker processes" },
    [OPTION_SPARES] = { NULL, "spares", 's', VALUE_NUMBER,
        "N", FIELD(spares), 0, 512, "1", NULL,
        "spare workers, forked in advance; a spare replaces a dead worker "
        "immediately" },
    [OPTION_EXIT_AFTER] = { NULL, "exit-after", 0, VALUE_BIG,
        "N", FIELD(exit_after), 0, 1000000000, "1", NULL,
        "a worker exits after N responses; 0: never" },
    [OPTION_EXIT_CODE] = { NULL, "exit-code", 0, VALUE_NUMBER,
        "N", FIELD(exit_code), 0, 255, "1", NULL,
        "exit code after --exit-after" },
    [OPTION_EXIT_DELAY] = { NULL, "exit-delay", 0, VALUE_TIME,
        "TIME", FIELD(exit_delay_us), 0, DAY, "0", NULL,
        "time from response N of --exit-after to the exit; the worker "
        "continues to answer meanwhile" },

    [OPTION_RESPAWN] = { "Restarts", "respawn", 0, VALUE_CHOICE,
        "always|on-failure|never", FIELD(respawn), 0, 0, "always", NULL,
        "which worker exits are followed by a fork; with never, the listener "
        "closes after the last worker's exit" },
    [OPTION_BACKOFF] = { NULL, "backoff", 0, VALUE_CHOICE,
        "none|constant|exponential|jitter", FIELD(backoff.kind), 0, 0,
        "exponential", NULL,
        "how the delay before a fork grows with consecutive failures; there "
        "is no delay after the first failure" },
    [OPTION_BACKOFF_BASE] = { NULL, "backoff-base", 0, VALUE_TIME,
        "TIME", FIELD(backoff.base_us), 0, DAY, "100ms", NULL,
        "delay after the second consecutive failure" },
    [OPTION_BACKOFF_CAP] = { NULL, "backoff-cap", 0, VALUE_TIME,
        "TIME", FIELD(backoff.cap_us), 0, DAY, "5s", NULL,
        "max. delay" },
    [OPTION_HEALTHY_AFTER] = { NULL, "healthy-after", 0, VALUE_TIME,
        "TIME", FIELD(healthy_after_us), 1 * MS, DAY, "1s", NULL,
        "a worker that lived this long or answered a request did not fail" },
    [OPTION_RESTART_INTENSITY] = { NULL, "restart-intensity", 0, VALUE_RATE,
        "R/T", 0, 0, INTENSITY_LIMIT_MAX, "10/5s", NULL,
        "a crash loop is more than R failures in time T, if more than half of "
        "the forks in T failed" },
    [OPTION_ON_CRASH_LOOP] = { NULL, "on-crash-loop", 0, VALUE_CHOICE,
        "probe|give-up|hold", FIELD(on_crash_loop), 0, 0, "probe", NULL,
        "what follows a crash loop: fork single workers at growing intervals "
        "until one answers (probe); drain and exit with 70 (give-up); or fork "
        "none until SIGHUP (hold); not with --respawn never" },
    [OPTION_MAX_STARTING] = { NULL, "max-starting", 0, VALUE_NUMBER,
        "N", FIELD(max_starting), 1, 1024, NULL,
        "the number of CPUs, at least 2",
        "max. number of workers that start at the same time" },
    [OPTION_SEED] = { NULL, "seed", 0, VALUE_BIG,
        "N", FIELD(seed), 0, UINT64_MAX, NULL, "random",
        "seed of the random number generator" },
    [OPTION_EXPLAIN] = { NULL, "explain", 0, VALUE_FLAG,
        NULL, FIELD(explain), 0, 0, NULL, NULL,
        "print the restart delays and when a crash loop is detected, and exit" },

    [OPTION_START_TIMEOUT] = { "Deadlines", "start-timeout", 0, VALUE_TIME,
        "TIME", FIELD(start_timeout_us), 1 * MS, DAY, "10s", NULL,
        "a worker that is not online after this time is killed" },
    [OPTION_QUEUE_TIMEOUT] = { NULL, "queue-timeout", 0, VALUE_TIME,
        "TIME", FIELD(queue_timeout_us), 1 * MS, DAY, "5s", NULL,
        "a connection that waits longer for a worker gets 503" },
    [OPTION_HEADER_TIMEOUT] = { NULL, "header-timeout", 0, VALUE_TIME,
        "TIME", FIELD(header_timeout_us), 1 * MS, DAY, "10s", NULL,
        "a request that takes longer to arrive gets 408" },
    [OPTION_REQUEST_TIMEOUT] = { NULL, "request-timeout", 0, VALUE_TIME,
        "TIME", FIELD(request_timeout_us), 1 * MS, DAY, "30s", NULL,
        "a worker that takes longer to answer is killed as hung" },
    [OPTION_IDLE_TIMEOUT] = { NULL, "idle-timeout", 0, VALUE_TIME,
        "TIME", FIELD(idle_timeout_us), 1 * MS, DAY, "60s", NULL,
        "a connection is closed if its client sends no request, or reads none "
        "of its response, for this time" },
    [OPTION_DRAIN_TIMEOUT] = { NULL, "drain-timeout", 0, VALUE_TIME,
        "TIME", FIELD(drain_timeout_us), 0, DAY, "10s", NULL,
        "time a worker has to exit after the supervisor asked it to; if it "
        "exits on its own, --request-timeout is added" },

    [OPTION_MAX_HEADER] = { "Requests", "max-header", 0, VALUE_SIZE,
        "BYTES", FIELD(max_header_bytes), 256, 1024 * 1024, "16k", NULL,
        "a request with a longer header gets 431" },
    [OPTION_MAX_BODY] = { NULL, "max-body", 0, VALUE_SIZE,
        "BYTES", FIELD(max_body_bytes), 0, 16 * 1024 * 1024, "64k", NULL,
        "a request with a longer body gets 413" },
    [OPTION_MAX_ATTEMPTS] = { NULL, "max-attempts", 0, VALUE_NUMBER,
        "N", FIELD(max_attempts), 1, 200, "2", NULL,
        "number of workers that a request may crash before it gets 500" },
    [OPTION_MAX_KILLS] = { NULL, "max-kills", 0, VALUE_NUMBER,
        "N", FIELD(max_kills), 1, 200, "20", NULL,
        "number of workers killed from outside while they handle a request "
        "before it gets 500" },
    [OPTION_QUARANTINE] = { NULL, "quarantine", 0, VALUE_TIME,
        "TIME", FIELD(quarantine_us), 0, DAY, "60s", NULL,
        "how long a request that crashed too many workers is refused if it is "
        "repeated byte for byte; 0: no quarantine" },

    [OPTION_LOG] = { "Log", "log", 0, VALUE_PATH,
        "FILE", FIELD(log_path), 0, 0, NULL, "standard error",
        "file to append the log to" },
    [OPTION_LOG_FORMAT] = { NULL, "log-format", 0, VALUE_CHOICE,
        "text|json", FIELD(log_format), 0, 0, "text", NULL,
        "text for people, or one JSON object per line" },
    [OPTION_REPORT_EVERY] = { NULL, "report-every", 0, VALUE_TIME,
        "TIME", FIELD(report_every_us), 0, DAY, "60m", NULL,
        "interval of the log's summary of failures; 0: only at the end" },
    [OPTION_LIST_EVENTS] = { NULL, "list-events", 0, VALUE_FLAG,
        NULL, FIELD(list_events), 0, 0, NULL, NULL,
        "print a table of all events of the log and their fields, in Markdown, "
        "and exit" },

    [OPTION_FAULTS] = { "Teaching and testing", "faults", 0, VALUE_FLAG,
        NULL, FIELD(faults), 0, 0, NULL, NULL,
        "allow --crash-at-start and requests that ask for a fault" },
    [OPTION_CRASH_AT_START] = { NULL, "crash-at-start", 0, VALUE_FLAG,
        NULL, FIELD(crash_at_start), 0, 0, NULL, NULL,
        "every worker exits with code 1 before it is online" },
    [OPTION_CRASH_UNTIL] = { NULL, "crash-until", 0, VALUE_TIME,
        "TIME", FIELD(crash_until_us), 0, DAY, "0", NULL,
        "--crash-at-start ends this long after the supervisor's start, as if "
        "the error had been fixed; 0: never" },
    [OPTION_START_DELAY] = { NULL, "start-delay", 0, VALUE_TIME,
        "TIME", FIELD(start_delay_us), 0, DAY, "0", NULL,
        "every worker takes this long to start" },
    [OPTION_START_LOCK] = { NULL, "start-lock", 0, VALUE_FLAG,
        NULL, FIELD(start_lock), 0, 0, NULL, NULL,
        "hold an exclusive lock while starting; a worker that cannot get it "
        "exits with 75 (EX_TEMPFAIL); requires --start-delay" },
    [OPTION_NO_RETAIN] = { NULL, "no-retain", 0, VALUE_FLAG,
        NULL, FIELD(no_retain), 0, 0, NULL, NULL,
        "keep no duplicate of a connection: a worker's death loses its "
        "connections" },

    [OPTION_HELP] = { "About", "help", 'h', VALUE_ANSWER,
        NULL, 0, 0, 0, NULL, NULL, "print this help and exit" },
    [OPTION_VERSION] = { NULL, "version", 0, VALUE_ANSWER,
        NULL, 0, 0, 0, NULL, NULL, "print the version and exit" },
};
/* clang-format on */
