/* SPDX-License-Identifier: MIT */
/* client.c - lifetime of a client, and beginning its requests; see client.h. */
#include "chaos/load/client_internal.h"
#include "worker/clock.h"
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define STEP_US              50  /* min time between two wakeups for requests */
#define DESCRIPTORS_RESERVED 512 /* besides the load's connections */
#define WATCH_EVERY_S        0.02 /* precision of timeouts */

/* ---- When requests are due ---------------------------------------------- */

double client_fault_share(const struct client *client, uint64_t now_us)
{
    return now_us >= client->fault_requests_start_us &&
                   now_us < client->fault_requests_end_us
               ? client->fault_request_share
               : 0;
}

static void choose(struct client *client, struct load_request *request,
                   uint64_t now_us)
{
    double fault_share = client_fault_share(client, now_us);
    uint64_t which;

    request->closes_connection =
        random_unit(&client->choices) < client->options->new_share;
    which = random_below(&client->choices, client->template_count);
    request->request_template = &client->templates[which];
    if (fault_share > 0 && random_unit(&client->choices) < fault_share) {
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

    choose(client, &request, now_us);
    arrivals_advance(&client->arrivals);
    retry_budget_pay_in(&client->budget);
    ledger_begin(&request.phase_stats->ledger);
    histogram_record(&request.phase_stats->lateness, now_us - intended_us);
    if (client->on_begun)
        client->on_begun(client->context, &request, now_us);
    client_send(client_new_request(client, &request));
}

uint32_t client_requests_in_progress(const struct client *client)
{
    return client->busy[0].count + client->busy[1].count +
           client->waiting[0].count + client->waiting[1].count +
           client->retries.count;
}

void client_fill(struct client *client)
{
    if (!client->options->closed || client->dispatching || client->finishing)
        return;
    client->dispatching = true;
    for (int i = 0;
         i < CLIENT_WAKEUP_MAX &&
         client_requests_in_progress(client) < client->options->connections;
         i++) {
        uint64_t now_us = clock_monotonic_us();

        begin_request(client, now_us, now_us);
    }
    client->dispatching = false;
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
        if (due_us > now_us)
            break;
        begin_request(client, due_us, now_us);
        due_us = arrivals_due_us(&client->arrivals);
    }
    return due_us > now_us + STEP_US ? due_us : now_us + STEP_US;
}

static void on_due(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct client *client = watcher->data;
    uint64_t expirations;

    (void)loop;
    (void)revents;
    if (read(client->timer_fd, &expirations, sizeof(expirations)) < 0 &&
        errno == EAGAIN)
        return;
    if (client->options->closed)
        client_fill(client);
    else
        arm(client, begin_due(client, clock_monotonic_us()));
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
                          const struct client_options *options, uint64_t seed)
{
    struct client *client = calloc(1, sizeof(*client));
    struct http_connection_list *const lists[] = {
        &client->waiting[0], &client->waiting[1], &client->retries,
        &client->busy[0],    &client->busy[1],    &client->idle,
        &client->closing
    };

    if (!client || !(client->buffer = malloc(CLIENT_BUFFER_BYTES)))
        err(1, "cannot allocate a client");
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
        TAILQ_INIT(&lists[i]->all);
    allow_descriptors(options->connections);
    client->options = options;
    client->seed = seed;
    client->loop = loop;
    client->address = *address;
    client->timer_fd =
        timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (client->timer_fd < 0)
        err(1, "cannot create a timer");
    random_seed(&client->choices, seed);
    client->budget.share = options->retry_budget;
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
    arrivals_begin(&client->arrivals, client->options->rate,
                   client->options->poisson, client->seed, now_us);
    ev_io_start(client->loop, &client->due);
    ev_timer_start(client->loop, &client->watch);
    arm(client, now_us);
}

/* Begins all requests that are due by now.  Omitting late requests would make
 * the server look better than it is. */
static void catch_up(struct client *client)
{
    uint64_t now_us = clock_monotonic_us();

    while (arrivals_due_us(&client->arrivals) <= now_us)
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
    if (!client->options->closed && !client->finishing)
        catch_up(client);
    halt(client);
}

void client_abandon(struct client *client)
{
    struct http_connection_list *const lists[] = {
        &client->retries, &client->waiting[0], &client->waiting[1],
        &client->busy[0], &client->busy[1]
    };
    struct http_connection *first;

    halt(client);
    client->dispatching = true; /* sends no request that waits */
    ev_timer_stop(client->loop, &client->watch);
    ev_timer_stop(client->loop, &client->retry);
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
        while ((first = TAILQ_FIRST(&lists[i]->all))) {
            ledger_withdraw(&first->request.phase_stats->ledger);
            http_connection_drop(first);
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
    while (client->idle.count > 0)
        http_connection_drop(TAILQ_FIRST(&client->idle.all));
    while (client->closing.count > 0)
        http_connection_drop(TAILQ_FIRST(&client->closing.all));
    ev_io_stop(client->loop, &client->due);
    ev_timer_stop(client->loop, &client->watch);
    ev_timer_stop(client->loop, &client->retry);
    close(client->timer_fd);
    free(client->buffer);
    free(client);
}
