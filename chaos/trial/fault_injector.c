/* SPDX-License-Identifier: MIT */
/* fault_injector.c - see fault_injector.h. */
#include "chaos/trial/fault_injector.h"

static void on_fault_requests_begin(struct ev_loop *loop, ev_timer *timer,
                                    int revents)
{
    const struct fault_injector *fault_injector = timer->data;

    (void)loop;
    (void)revents;
    fault_injector->client->fault_request_share =
        fault_injector->fault_request_share;
}

static void on_fault_requests_end(struct ev_loop *loop, ev_timer *timer,
                                  int revents)
{
    const struct fault_injector *fault_injector = timer->data;

    (void)loop;
    (void)revents;
    fault_injector->client->fault_request_share = 0;
}

static void ask_for_faults(struct fault_injector *fault_injector,
                           const struct fault_injector_options *options)
{
    double from_s = (double)options->fault_request_start_us / 1e6;
    double until_s = (double)options->fault_request_end_us / 1e6;

    fault_injector->fault_request_share = options->fault_request_share;
    ev_now_update(fault_injector->loop);
    ev_timer_init(&fault_injector->fault_requests_begin,
                  on_fault_requests_begin, from_s, 0);
    ev_timer_init(&fault_injector->fault_requests_end, on_fault_requests_end,
                  until_s, 0);
    fault_injector->fault_requests_begin.data = fault_injector;
    fault_injector->fault_requests_end.data = fault_injector;
    if (from_s > 0)
        ev_timer_start(fault_injector->loop,
                       &fault_injector->fault_requests_begin);
    else
        fault_injector->client->fault_request_share =
            options->fault_request_share;
    if (until_s > 0)
        ev_timer_start(fault_injector->loop,
                       &fault_injector->fault_requests_end);
}

void fault_injector_begin(
    struct fault_injector *fault_injector, struct ev_loop *loop,
    const struct fault_injector_options *options, struct client *client,
    void (*on_injection)(void *, const struct injection *), void *context)
{
    fault_injector->client = client;
    fault_injector->loop = loop;
    ask_for_faults(fault_injector, options);
    for (uint32_t i = 0; i < options->bad_clients_count; i++)
        fault_injector->bad_clients[i] = bad_clients_start(
            loop, (const struct sockaddr *)&client->address.sockaddr,
            client->address.sockaddr_length, &options->bad_clients[i]);
    if (options->monkey.rule.root == 0 || options->monkey.fault_count == 0)
        return;
    fault_injector->monkey = monkey_new(loop, &options->monkey);
    fault_injector->monkey->context = context;
    fault_injector->monkey->on_injection = on_injection;
    monkey_start(fault_injector->monkey);
}

void fault_injector_finish(struct fault_injector *fault_injector)
{
    if (fault_injector->monkey)
        monkey_finish(fault_injector->monkey);
}

void fault_injector_end(struct fault_injector *fault_injector)
{
    if (fault_injector->monkey)
        monkey_stop(fault_injector->monkey);
    if (fault_injector->client) {
        ev_timer_stop(fault_injector->loop,
                      &fault_injector->fault_requests_begin);
        ev_timer_stop(fault_injector->loop,
                      &fault_injector->fault_requests_end);
        fault_injector->client->fault_request_share = 0;
    }
    fault_injector->client = NULL;
    for (uint32_t i = 0; i < SCHEDULE_FAULTS_MAX; i++) {
        bad_clients_end(fault_injector->bad_clients[i]);
        fault_injector->bad_clients[i] = NULL;
    }
}

void fault_injector_free(struct fault_injector *fault_injector)
{
    fault_injector_end(fault_injector);
    monkey_free(fault_injector->monkey);
    fault_injector->monkey = NULL;
}
