/* SPDX-License-Identifier: MIT */
/* load.c - runs a chaos trial with the faults of a soak. */
#include "tests/soak/load.h"
#include <err.h>
#include <signal.h>
#include <stdio.h>

#define SECOND_US UINT64_C(1000000)

/* Responses take 5 ms, so that kills hit requests being handled. */
#define TARGET "http://127.0.0.1:%d/?sleep=5ms"

/* Long, so that a busy machine causes no losses. */
#define TIMEOUT_US (60 * SECOND_US)

/* The share of requests that ask for a fault; each ends two workers. */
#define FAULT_REQUEST_SHARE 0.02

/* The number of requests for each kill. */
#define REQUESTS_A_KILL 10

static const struct bad_clients_options bad_clients[] = {
    { .behaviour = CLIENT_SLOW, .connections = 4 },
    { .behaviour = CLIENT_SILENT, .connections = 4 },
    { .behaviour = CLIENT_DEAF, .connections = 2 },
    { .behaviour = CLIENT_HALF_CLOSE, .connections = 1 },
    { .behaviour = CLIENT_ABORT, .connections = 1 },
};

/* The faults that requests ask for, in turn. */
static const char *const fault_queries[] = {
    "fault=segv",        "fault=exit:3",           "fault=hang",
    "fault=kill",        "fault=abort&at=parsing", "fault=segv&at=half-sent",
    "fault=exit&at=sent"
};
#define FAULT_QUERIES (sizeof(fault_queries) / sizeof(*fault_queries))

/* The client of a trial has one template for fault requests: replaces it with
 * the next one. */
static void change_fault_request(struct soak_load *soak_load)
{
    struct client *client = soak_load->trial->client;
    struct url address = client->address;
    size_t length = strlen(address.target);

    snprintf(address.target + length, sizeof(address.target) - length, "&%s",
             fault_queries[soak_load->seconds % FAULT_QUERIES]);
    if (!request_template_prepare(&client->fault_request_template, "GET",
                                  &address, TOKEN_IN_QUERY,
                                  client->fault_request_template.run, 0))
        errx(1, "%s: request too long", address.target);
}

static void on_progress(void *context)
{
    struct soak_load *soak_load = context;

    if (soak_load->trial->phase != TRIAL_FAULT)
        return;
    soak_load->seconds++;
    change_fault_request(soak_load);
    soak_load->on_second(soak_load->context, soak_load);
}

static void set_options(struct soak_load *soak_load, unsigned rate,
                        uint64_t seconds, uint64_t seed)
{
    static struct monkey_fault faults[3];
    struct fault_injector_options *fault_injector =
        &soak_load->options.fault_injector;
    uint64_t kill_every_us = SECOND_US * REQUESTS_A_KILL / rate;

    faults[0] =
        (struct monkey_fault){ .name = "kill",
                               .kind = MONKEY_SIGNAL,
                               .signal = SIGKILL,
                               .choice = CHOOSE_RANDOM,
                               .schedule = { .timing = TIMING_POISSON,
                                             .interval_us = kill_every_us,
                                             .end_us = seconds * SECOND_US } };
    faults[1] = faults[2] = faults[0];
    faults[1].name = "burst";
    faults[1].schedule.timing = TIMING_BURST;
    faults[1].schedule.burst = 4;
    faults[1].schedule.interval_us = 5 * SECOND_US;
    faults[2].name = "stop";
    faults[2].kind = MONKEY_STOP;
    faults[2].effect_us = SECOND_US / 2;
    faults[2].schedule.interval_us = 2 * SECOND_US;

    soak_load->options = (struct trial_options){
        .ready_us = 10 * SECOND_US,
        .url = soak_load->url,
        .methods = "GET,HEAD,PUT",
        .token = TOKEN_IN_QUERY,
        .expect = "Hello Cluster!",
        .load = { .rate = rate,
                  .poisson = true,
                  .connections = 32,
                  .new_share = 0.5,
                  .timeout_us = TIMEOUT_US,
                  .seed = seed },
        .fault_request_query = fault_queries[0],
        .seed = seed,
        .fault_us = seconds * SECOND_US,
    };
    fault_injector->monkey.faults = faults;
    fault_injector->monkey.fault_count = sizeof(faults) / sizeof(*faults);
    fault_injector->fault_request_share = FAULT_REQUEST_SHARE;
    fault_injector->bad_clients_count =
        sizeof(bad_clients) / sizeof(*bad_clients);
    for (uint32_t i = 0; i < fault_injector->bad_clients_count; i++)
        fault_injector->bad_clients[i] = bad_clients[i];
}

bool soak_load_run(struct soak_load *soak_load, const struct subject *subject,
                   unsigned rate, uint64_t seconds, uint64_t seed)
{
    const char *why;

    snprintf(soak_load->url, sizeof(soak_load->url), TARGET,
             (int)subject->port);
    set_options(soak_load, rate, seconds, seed);
    soak_load->options.pid = subject->pid;
    soak_load->trial = trial_new(&soak_load->options, &why);
    if (!soak_load->trial)
        errx(1, "%s: %s", soak_load->url, why);
    soak_load->trial->context = soak_load;
    soak_load->trial->on_progress = on_progress;
    return trial_run(soak_load->trial) == TRIAL_COMPLETE;
}

void soak_load_free(struct soak_load *soak_load)
{
    trial_free(soak_load->trial);
    soak_load->trial = NULL;
}
