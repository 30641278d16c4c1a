/* SPDX-License-Identifier: MIT */
/* client.c - lifetime of a client, and beginning its requests; see client.h. */
#include "chaos/load/client_internal.h"
#include "supervisor/system/clock.h"
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define BUFFER_BYTES         (64 * 1024)
#define STEP_US              50  /* min time between two wakeups for requests */
#define DESCRIPTORS_RESERVED 512 /* besides the load's connections */
#define WATCH_EVERY_S        0.02 /* precision of timeouts */

/* ---- When requests are due ---------------------------------------------- */

static void choose(struct client *client, struct load_request *request)
{
    uint64_t which;

    request->last = random_unit(&client->choices) < client->options.new_share;
    which = random_below(&client->choices, client->template_count);
    request->request_template = &client->templates[which];
    if (client->fault_request_share > 0 &&
        random_unit(&client->choices) < client->fault_request_share) {
        request->request_template = &client->fault_request_template;
        request->phase_stats = client->fault_requests;
    }
}

static void begin_request(struct client *client, uint64_t intended_us,
                          uint64_t now_us)
{
    struct load_request request = {
        .number = client->arrivals.number,
        .first_us = intended_us,
        .intended_us = intended_us,
        .phase_stats = client->phase_stats,
    };

    choose(client, &request);
    arrivals_advance(&client->arrivals);
    retry_budget_pay_in(&client->budget);
    ledger_begin(&request.phase_stats->ledger);
    histogram_record(&request.phase_stats->lateness, now_us - intended_us);
    if (client->on_begun)
        client->on_begun(client->context, &request, now_us);
    client_send(client, &request);
}

/* Includes requests that wait for a connection or for a retry. */
static uint32_t requests_in_progress(const struct client *client)
{
    return client->busy[0].count + client->busy[1].count +
           client->for_persistent.count + client->for_new.count +
           client->retries.count;
}

void client_fill(struct client *client)
{
    if (!client->options.closed || client->filling || client->finishing)
        return;
    client->filling = true;
    for (int i = 0; i < CLIENT_WAKEUP_MAX &&
                    requests_in_progress(client) < client->options.connections;
         i++) {
        uint64_t now_us = clock_monotonic_us();

        begin_request(client, now_us, now_us);
    }
    client->filling = false;
}

static void arm(struct client *client, uint64_t at_us)
{
    struct itimerspec when = {
        .it_value = { .tv_sec = (time_t)(at_us / 1000000),
                      .tv_nsec = (long)(at_us % 1000000) * 1000 }
    };

    timerfd_settime(client->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Begins requests that are due by now.  Returns the time of the next wakeup. */
static uint64_t begin_due(struct client *client, uint64_t now_us)
{
    uint64_t due_us = arrivals_due_us(&client->arrivals);

    for (int i = 0; i < CLIENT_WAKEUP_MAX; i++) {
        if (due_us > now_us || due_us >= client->end_us)
            break;
        begin_request(client, due_us, now_us);
        due_us = arrivals_due_us(&client->arrivals);
    }
    return due_us > now_us + STEP_US ? due_us : now_us + STEP_US;
}

static bool is_over(const struct client *client, uint64_t now_us)
{
    if (client->options.closed)
        return now_us >= client->end_us;
    return arrivals_due_us(&client->arrivals) >= client->end_us;
}

static void on_due(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct client *client = watcher->data;
    uint64_t expirations, now_us = clock_monotonic_us();
    uint64_t next_us = client->end_us;

    (void)loop;
    (void)revents;
    if (read(client->timer_fd, &expirations, sizeof(expirations)) < 0 &&
        errno == EAGAIN)
        return;
    if (client->options.closed)
        client_fill(client);
    else
        next_us = begin_due(client, now_us);
    if (is_over(client, now_us))
        client_stop(client);
    else if (next_us != UINT64_MAX)
        arm(client, next_us);
}

/* ---- Lifetime ----------------------------------------------------------- */

/* Raises the soft limit of descriptors.  A target is started before its client,
 * so it does not inherit the limit. */
static void allow_descriptors(uint64_t connections)
{
    struct rlimit limit;
    rlim_t wanted = 2 * connections + DESCRIPTORS_RESERVED;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

struct client *client_new(struct ev_loop *loop, const struct url *address,
                          const struct client_options *options)
{
    struct client *client = calloc(1, sizeof(*client));
    char *buffer = malloc(BUFFER_BYTES);

    if (!client || !buffer)
        err(1, "cannot allocate a client");
    allow_descriptors(options->connections);
    client->options = *options;
    client->loop = loop;
    client->address = *address;
    client->timer_fd =
        timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (client->timer_fd < 0)
        err(1, "cannot create a timer");
    random_seed(&client->choices, options->seed);
    client->owner = (struct http_connection_owner){
        .loop = loop,
        .address = (const struct sockaddr *)&client->address.sockaddr,
        .address_length = address->sockaddr_length,
        .check = &client->check,
        .counter = &client->counter,
        .buffer = buffer,
        .buffer_bytes = BUFFER_BYTES,
        .client = client,
    };
    client->budget.share = options->retry_budget;
    client_set_callbacks(&client->owner);
    ev_io_init(&client->due, on_due, client->timer_fd, EV_READ);
    ev_timer_init(&client->watch, client_on_watch, WATCH_EVERY_S,
                  WATCH_EVERY_S);
    ev_timer_init(&client->retry, client_on_retry, 0, 0);
    client->due.data = client;
    client->watch.data = client;
    client->retry.data = client;
    return client;
}

void client_start(struct client *client, struct phase_stats *phase_stats)
{
    uint64_t now_us = clock_monotonic_us();

    assert(client->template_count > 0);
    client->phase_stats = phase_stats;
    client->end_us = client->options.duration_us
                         ? now_us + client->options.duration_us
                         : UINT64_MAX;
    arrivals_begin(&client->arrivals, client->options.rate,
                   client->options.poisson, client->options.seed, now_us);
    ev_io_start(client->loop, &client->due);
    ev_timer_start(client->loop, &client->watch);
    arm(client, now_us);
}

/* Begins all requests that are due by now.  Omitting late requests would make
 * the server look better than it is. */
static void catch_up(struct client *client)
{
    uint64_t now_us = clock_monotonic_us();

    while (arrivals_due_us(&client->arrivals) <= now_us &&
           arrivals_due_us(&client->arrivals) < client->end_us)
        begin_due(client, now_us);
}

static void halt(struct client *client)
{
    if (client->finishing)
        return;
    client->finishing = true;
    phase_stats_close(client->phase_stats, clock_monotonic_us());
    ev_io_stop(client->loop, &client->due);
}

void client_stop(struct client *client)
{
    if (!client->options.closed && !client->finishing)
        catch_up(client);
    halt(client);
}

static void withdraw(struct request_queue *request_queue)
{
    for (; request_queue_first(request_queue); request_queue_pop(request_queue))
        ledger_withdraw(
            &request_queue_first(request_queue)->phase_stats->ledger);
}

void client_abandon(struct client *client)
{
    halt(client);
    ev_timer_stop(client->loop, &client->watch);
    ev_timer_stop(client->loop, &client->retry);
    withdraw(&client->retries);
    withdraw(&client->for_persistent);
    withdraw(&client->for_new);
    for (int kind = 0; kind < 2; kind++) {
        while (client->busy[kind].first) {
            struct http_connection *http_connection = client->busy[kind].first;

            ledger_withdraw(&http_connection->request.phase_stats->ledger);
            http_connection_drop(http_connection);
        }
    }
}

uint32_t client_connections(const struct client *client)
{
    return client->busy[0].count + client->busy[1].count + client->idle.count +
           client->closing.count;
}

void client_free(struct client *client)
{
    if (!client)
        return;
    if (!client->finishing && client->phase_stats)
        client_abandon(client);
    while (client->idle.first)
        http_connection_drop(client->idle.first);
    while (client->closing.first)
        http_connection_drop(client->closing.first);
    http_connection_free_spares(&client->spare);
    ev_io_stop(client->loop, &client->due);
    ev_timer_stop(client->loop, &client->watch);
    ev_timer_stop(client->loop, &client->retry);
    close(client->timer_fd);
    request_queue_free(&client->retries);
    request_queue_free(&client->for_persistent);
    request_queue_free(&client->for_new);
    free(client->owner.buffer);
    free(client);
}
