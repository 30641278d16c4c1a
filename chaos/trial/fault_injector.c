/* SPDX-License-Identifier: MIT */
/* fault_injector.c - see fault_injector.h. */
#include "chaos/trial/fault_injector.h"
#include "worker/clock.h"

void fault_injector_begin(struct fault_injector *injector,
                          const struct fault_options *options,
                          struct client *client)
{
    const struct fault *asked = fault_of_kind(options, FAULT_REQUEST);
    uint64_t now_us = clock_monotonic_us();

    injector->client = client;
    if (asked) {
        client->fault_requests_start_us = now_us + asked->start_us;
        client->fault_requests_end_us = now_us + asked->end_us;
        client->fault_request_share = asked->share;
    }
    for (uint32_t i = 0; i < options->count; i++)
        if (options->list[i].kind == FAULT_CLIENTS)
            injector->bad_clients[i] = bad_clients_start(
                client->loop, &client->address, &options->list[i]);
    if (injector->monkey)
        monkey_start(injector->monkey);
}

void fault_injector_end(struct fault_injector *injector)
{
    if (injector->monkey)
        monkey_stop(injector->monkey);
    if (injector->client)
        injector->client->fault_request_share = 0;
    for (uint32_t i = 0; i < FAULTS_MAX; i++) {
        bad_clients_end(injector->bad_clients[i]);
        injector->bad_clients[i] = NULL;
    }
}

void fault_injector_free(struct fault_injector *injector)
{
    fault_injector_end(injector);
    monkey_free(injector->monkey);
    injector->monkey = NULL;
}
