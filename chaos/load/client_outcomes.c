/* SPDX-License-Identifier: MIT */
/* client_outcomes.c - outcomes, retries and timeouts of requests; see client.h.
 */
#include "chaos/load/client_internal.h"
#include "worker/clock.h"

#define CLOSING_US (1000 * 1000) /* max wait for the server to close */

/* A token's number has 48 bits; the upper 8 count the tries. */
#define TRY_SHIFT 40

/* ---- Retries ------------------------------------------------------------ */

static void arm_retry(struct client *client, uint64_t now_us)
{
    uint64_t due_us = TAILQ_FIRST(&client->retries.all)->request.intended_us;

    ev_now_update(client->loop);
    ev_timer_set(&client->retry,
                 due_us > now_us ? (double)(due_us - now_us) / 1e6 : 0, 0);
    ev_timer_start(client->loop, &client->retry);
}

static void retry(struct client *client, const struct load_request *request,
                  uint64_t now_us)
{
    struct http_connection *queued = client_new_request(client, request);
    struct load_request *next = &queued->request;

    next->tries++;
    next->number = (request->number & ((UINT64_C(1) << TRY_SHIFT) - 1)) |
                   (uint64_t)next->tries << TRY_SHIFT;
    next->intended_us = now_us + client->options->retry_delay_us;
    ledger_begin_again(&next->phase_stats->ledger);
    client_move(queued, &client->retries);
    if (!ev_is_active(&client->retry))
        arm_retry(client, now_us);
}

/* All retries have the same delay, so the first in the queue is due first. */
void client_on_retry(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct client *client = timer->data;
    uint64_t now_us = clock_monotonic_us();
    struct http_connection *first;

    (void)loop;
    (void)revents;
    for (int i = 0; i < CLIENT_WAKEUP_MAX; i++) {
        first = TAILQ_FIRST(&client->retries.all);
        if (!first || first->request.intended_us > now_us)
            break;
        histogram_record(&first->request.phase_stats->lateness,
                         now_us - first->request.intended_us);
        if (client->on_begun)
            client->on_begun(client->context, &first->request, now_us);
        client_send(first);
    }
    if (client->retries.count > 0)
        arm_retry(client, now_us);
}

void client_end_request(struct client *client,
                        const struct load_request *request,
                        enum outcome outcome)
{
    uint64_t now_us = clock_monotonic_us();

    phase_stats_record(request->phase_stats, outcome, request->first_us,
                       now_us);
    if (outcome == OUTCOME_OK)
        phase_stats_succeed(client->phase_stats, now_us);
    if (client->on_ended)
        client->on_ended(client->context, request, outcome, now_us);
    if (request->tries >= client->options->retries ||
        !outcome_is_retried(outcome))
        return;
    if (retry_budget_take(&client->budget))
        retry(client, request, now_us);
    else
        request->phase_stats->ledger.denied++;
}

/* ---- Timeouts ----------------------------------------------------------- */

static void finish_if_all_ended(struct client *client)
{
    if (!client->finishing || client_requests_in_progress(client) > 0 ||
        client->closing.count > 0)
        return;
    ev_timer_stop(client->loop, &client->watch);
    if (client->on_done)
        client->on_done(client->context);
}

static void expire_connections(struct http_connection_list *list,
                               uint64_t timeout_us, uint64_t now_us)
{
    struct http_connection *first;

    while ((first = TAILQ_FIRST(&list->all)) &&
           first->request.intended_us + timeout_us <= now_us)
        http_connection_expire(first);
}

void client_on_watch(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct client *client = timer->data;
    uint64_t now_us = clock_monotonic_us();
    uint64_t timeout_us = client->options->timeout_us;
    struct http_connection *closing;

    (void)loop;
    (void)revents;
    for (int closes = 0; closes < 2; closes++) {
        expire_connections(&client->waiting[closes], timeout_us, now_us);
        expire_connections(&client->busy[closes], timeout_us, now_us);
    }
    while ((closing = TAILQ_FIRST(&client->closing.all)) &&
           closing->since_us + CLOSING_US <= now_us)
        http_connection_expire(closing);
    client_fill(client);
    finish_if_all_ended(client);
}
