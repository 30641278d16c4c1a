/* SPDX-License-Identifier: MIT */
/* setup.c - see setup.h.  The order matters: later parts use earlier ones. */
#include "supervisor/setup.h"
#include "supervisor/connections/acceptor.h"
#include "supervisor/connections/connections.h"
#include "supervisor/connections/fairness.h"
#include "supervisor/handoff/poison.h"
#include "supervisor/handoff/response_memory.h"
#include "supervisor/log/journal.h"
#include "supervisor/policy/response_memory.h"
#include "supervisor/pool/pool.h"
#include "supervisor/pool/worker_listeners.h"
#include "supervisor/system/loop_memory.h"
#include "supervisor/system/memory.h"
#include "supervisor/system/signals.h"
#include "worker/app/hello.h"
#include "worker/clock.h"
#include "worker/http/printable.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define VALUE_SHOWN_MAX 256 /* bytes of an address or a path in a message */

static int fail(const char *what, const char *value)
{
    char shown[VALUE_SHOWN_MAX];
    int error = errno;

    snprintf(shown, sizeof(shown), "%s", value);
    printable_line(shown, strlen(shown));
    fprintf(stderr, "supervisor: %s%s%s: %s\n", what, *shown ? " " : "", shown,
            strerror(error));
    return -1;
}

static int fail_to_listen(const struct supervisor *supervisor,
                          const char *address)
{
    const struct options *options = supervisor->options;

    if (errno != EMSGSIZE)
        return fail("cannot listen on", address);
    fprintf(stderr,
            "supervisor: net.core.rmem_max is too small: a request may have "
            "--max-header %" PRIu64 " plus --max-body %" PRIu64 " bytes\n",
            options->max_header_bytes, options->max_body_bytes);
    return -1;
}

/* ---- Limits ---- */

/* At most this many descriptors are not connections: for each worker its
 * channel, pidfd, arena, the descriptor reserved by spawn.h, and one more; with
 * --schedule reuseport the listeners of each slot; 64 for everything else. */
static uint64_t own_descriptors(const struct options *options)
{
    uint64_t own = 5 * ((uint64_t)options->workers + options->spares) + 64;

    if (options->schedule == SCHEDULE_REUSEPORT)
        own += (uint64_t)options->workers * options->listen_count;
    return own;
}

/* Raises RLIMIT_NOFILE to its hard limit and returns how many connections it
 * allows.  What own_descriptors() counts stays free, so that a fork never fails
 * because connections use every descriptor. */
static uint32_t limit_connections(const struct options *options)
{
    struct rlimit limit;
    uint64_t own = own_descriptors(options), max;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return options->max_connections;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    max = limit.rlim_max > own ? limit.rlim_max - own : 1;
    return max < options->max_connections ? (uint32_t)max
                                          : options->max_connections;
}

static void set_start_faults(const struct options *options,
                             struct start_faults *start)
{
    *start = (struct start_faults){
        .delay_us = options->start_delay_us,
        .exclusive = options->start_lock,
        .supervisor = getpid(),
    };
    if (options->crash_at_start)
        start->crash_until_us =
            options->crash_until_us > 0
                ? clock_monotonic_us() + options->crash_until_us
                : UINT64_MAX;
}

static void set_worker_config(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;
    bool one_request = options->handoff == HANDOFF_REQUEST;

    set_start_faults(options, &supervisor->worker_config->start);
    supervisor->worker_config->options = (struct worker_options){
        .handler = hello_handler,
        .limits = { options->max_header_bytes, options->max_body_bytes },
        .exit_after = options->exit_after,
        .exit_code = (int)options->exit_code,
        .exit_delay_us = options->exit_delay_us,
        .header_timeout_us = options->header_timeout_us,
        .idle_timeout_us = options->idle_timeout_us,
        .send_timeout_us = options->idle_timeout_us,
        .request_timeout_us = options->request_timeout_us,
        .quarantine = supervisor->poison->shown,
        .one_request = one_request,
        .keeps_connections = options->no_retain,
        .faults_allowed = options->faults,
        .capacity = one_request ? 1 : supervisor->connections->max,
        .areas = response_memory_areas(
            supervisor->response_memory->budget_bytes,
            options->workers + options->spares, ARENA_AREAS_MAX, one_request),
    };
}

/* ---- Open and close ---- */

/* What supervisor.h only names. */
struct parts {
    struct journal journal;
    struct acceptors acceptors;
    struct connections connections;
    struct fairness fairness;
    struct poison poison;
    struct response_memory response_memory;
};

static int make_parts(struct supervisor *supervisor)
{
    struct parts *parts = memory_private(1, sizeof(*parts));

    if (!parts)
        return -1;
    supervisor->parts = parts;
    supervisor->journal = &parts->journal;
    supervisor->acceptors = &parts->acceptors;
    supervisor->connections = &parts->connections;
    supervisor->fairness = &parts->fairness;
    supervisor->poison = &parts->poison;
    supervisor->response_memory = &parts->response_memory;
    parts->poison.quarantine = quarantine_create(&parts->poison.shown);
    return parts->poison.quarantine ? 0 : -1;
}

static void free_parts(struct supervisor *supervisor)
{
    struct parts *parts = supervisor->parts;

    if (!parts)
        return;
    acceptor_destroy(supervisor);
    connections_close(supervisor);
    fairness_close(supervisor);
    if (parts->poison.quarantine)
        quarantine_destroy(parts->poison.quarantine, parts->poison.shown);
    if (parts->journal.buffer)
        journal_close(&parts->journal);
    memory_free(parts);
}

int setup_open(struct supervisor *supervisor)
{
    const struct options *options = supervisor->options;
    const char *address;

    supervisor->worker_config = calloc(1, sizeof(*supervisor->worker_config));
    if (!supervisor->worker_config || make_parts(supervisor) < 0 ||
        connections_open(supervisor, limit_connections(options)) < 0 ||
        fairness_open(supervisor) < 0)
        return fail("cannot start", "");
    memory_plan(supervisor);
    set_worker_config(supervisor);
    address = acceptor_open(supervisor);
    if (address)
        return fail_to_listen(supervisor, address);
    if (journal_open(supervisor->journal, options->log_path,
                     options->log_format == LOG_JSON ? JOURNAL_JSON
                                                     : JOURNAL_TEXT) < 0)
        return fail("cannot open the log",
                    options->log_path ? options->log_path : "");
    supervisor->signal_fd = signals_open();
    supervisor->refusal_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (loop_memory_open(supervisor->connections->max +
                         own_descriptors(options)) < 0)
        return fail("cannot start", "");
    supervisor->loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    if (supervisor->signal_fd < 0 || supervisor->refusal_fd < 0 ||
        !supervisor->loop)
        return fail("cannot start", "");
    if (pool_create(supervisor) < 0)
        return fail("cannot create the pool", "");
    address = worker_listeners_open(supervisor);
    if (address)
        return fail_to_listen(supervisor, address);
    return 0;
}

void setup_close(struct supervisor *supervisor)
{
    worker_listeners_close(supervisor);
    pool_destroy(supervisor);
    free_parts(supervisor);
    free(supervisor->worker_config);
    if (supervisor->loop)
        ev_loop_destroy(supervisor->loop);
    loop_memory_close();
    if (supervisor->signal_fd >= 0)
        close(supervisor->signal_fd);
    if (supervisor->refusal_fd >= 0)
        close(supervisor->refusal_fd);
}
