/* onslaught.c - see onslaught.h. */
#include "chaos/onslaught.h"

void onslaught_begin(struct onslaught *onslaught, struct ev_loop *loop,
                     const struct onslaught_options *options,
                     struct client *client,
                     void (*on_struck)(void *, const struct struck *),
                     void *context)
{
    onslaught->client = client;
    client->provoking_share = options->provoking_share;
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

void onslaught_end(struct onslaught *onslaught)
{
    if (onslaught->monkey)
        monkey_stop(onslaught->monkey);
    if (onslaught->client)
        onslaught->client->provoking_share = 0;
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
