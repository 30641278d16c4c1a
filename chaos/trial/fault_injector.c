/* fault_injector.c - see fault_injector.h. */
#include "chaos/trial/fault_injector.h"

static void on_provoking_begins(struct ev_loop *loop, ev_timer *timer,
                                int revents)
{
    const struct onslaught *onslaught = timer->data;

    (void)loop;
    (void)revents;
    onslaught->client->provoking_share = onslaught->provoking_share;
}

static void on_provoking_ends(struct ev_loop *loop, ev_timer *timer,
                              int revents)
{
    const struct onslaught *onslaught = timer->data;

    (void)loop;
    (void)revents;
    onslaught->client->provoking_share = 0;
}

static void provoke(struct onslaught *onslaught,
                    const struct onslaught_options *options)
{
    double from_s = (double)options->provoking_from_us / 1e6;
    double until_s = (double)options->provoking_until_us / 1e6;

    onslaught->provoking_share = options->provoking_share;
    ev_now_update(onslaught->loop);
    ev_timer_init(&onslaught->provoking_begins, on_provoking_begins, from_s, 0);
    ev_timer_init(&onslaught->provoking_ends, on_provoking_ends, until_s, 0);
    onslaught->provoking_begins.data = onslaught;
    onslaught->provoking_ends.data = onslaught;
    if (from_s > 0)
        ev_timer_start(onslaught->loop, &onslaught->provoking_begins);
    else
        onslaught->client->provoking_share = options->provoking_share;
    if (until_s > 0)
        ev_timer_start(onslaught->loop, &onslaught->provoking_ends);
}

void onslaught_begin(struct onslaught *onslaught, struct ev_loop *loop,
                     const struct onslaught_options *options,
                     struct client *client,
                     void (*on_struck)(void *, const struct struck *),
                     void *context)
{
    onslaught->client = client;
    onslaught->loop = loop;
    provoke(onslaught, options);
    for (uint32_t i = 0; i < options->plague_count; i++)
        onslaught->plagues[i] = plague_start(
            loop, (const struct sockaddr *)&client->address.sockaddr,
            client->address.sockaddr_length, &options->plagues[i]);
    if (options->monkey.rule.root == 0 || options->monkey.fault_count == 0)
        return;
    onslaught->monkey = monkey_new(loop, &options->monkey);
    onslaught->monkey->context = context;
    onslaught->monkey->on_struck = on_struck;
    monkey_start(onslaught->monkey);
}

void onslaught_finish(struct onslaught *onslaught)
{
    if (onslaught->monkey)
        monkey_finish(onslaught->monkey);
}

void onslaught_end(struct onslaught *onslaught)
{
    if (onslaught->monkey)
        monkey_stop(onslaught->monkey);
    if (onslaught->client) {
        ev_timer_stop(onslaught->loop, &onslaught->provoking_begins);
        ev_timer_stop(onslaught->loop, &onslaught->provoking_ends);
        onslaught->client->provoking_share = 0;
    }
    onslaught->client = NULL;
    for (uint32_t i = 0; i < PLAN_FAULTS_MOST; i++) {
        plague_end(onslaught->plagues[i]);
        onslaught->plagues[i] = NULL;
    }
}

void onslaught_free(struct onslaught *onslaught)
{
    onslaught_end(onslaught);
    monkey_free(onslaught->monkey);
    onslaught->monkey = NULL;
}
