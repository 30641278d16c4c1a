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

/* Each kills, stops, connects or asks from the start to the end. */
static const struct fault faults[] = {
    { .name = "kill",
      .kind = FAULT_SIGNAL,
      .signal = SIGKILL,
      .timing = TIMING_POISSON },
    { .name = "burst",
      .kind = FAULT_SIGNAL,
      .signal = SIGKILL,
      .timing = TIMING_BURST,
      .burst = 4,
      .interval_us = 5 * SECOND_US },
    { .name = "stop",
      .kind = FAULT_STOP,
      .effect_us = SECOND_US / 2,
      .timing = TIMING_POISSON,
      .interval_us = 2 * SECOND_US },
    { .kind = FAULT_CLIENTS, .behaviour = CLIENT_SLOW, .connections = 4 },
    { .kind = FAULT_CLIENTS, .behaviour = CLIENT_SILENT, .connections = 4 },
    { .kind = FAULT_CLIENTS, .behaviour = CLIENT_DEAF, .connections = 2 },
    { .kind = FAULT_CLIENTS, .behaviour = CLIENT_HALF_CLOSE, .connections = 1 },
    { .kind = FAULT_CLIENTS, .behaviour = CLIENT_ABORT, .connections = 1 },
    { .kind = FAULT_REQUEST,
      .share = FAULT_REQUEST_SHARE,
      .query = "fault=segv" },
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
    struct fault_options *options = &soak_load->options.faults;

    soak_load->options = (struct trial_options){
        .ready_us = 10 * SECOND_US,
        .url = soak_load->url,
        .load = { .rate = rate,
                  .poisson = true,
                  .connections = 32,
                  .new_share = 0.5,
                  .timeout_us = TIMEOUT_US,
                  .methods = "GET,HEAD,PUT",
                  .token = TOKEN_IN_QUERY,
                  .expect = "Hello Cluster!" },
        .seed = seed,
        .fault_us = seconds * SECOND_US,
    };
    for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
        options->list[options->count] = faults[i];
        options->list[options->count++].end_us = seconds * SECOND_US;
    }
    options->list[0].interval_us = SECOND_US * REQUESTS_A_KILL / rate;
}

bool soak_load_run(struct soak_load *soak_load, const struct subject *subject,
                   unsigned rate, uint64_t seconds, uint64_t seed)
{
    snprintf(soak_load->url, sizeof(soak_load->url), TARGET,
             (int)subject->port);
    set_options(soak_load, rate, seconds, seed);
    soak_load->trial = trial_new(&soak_load->options);
    soak_load->trial->root = subject->pid;
    soak_load->trial->context = soak_load;
    soak_load->trial->on_progress = on_progress;
    return trial_run(soak_load->trial) == TRIAL_COMPLETE;
}

void soak_load_free(struct soak_load *soak_load)
{
    trial_free(soak_load->trial);
    soak_load->trial = NULL;
}
