/* SPDX-License-Identifier: MIT */
/* client_dispatch.c - assigns requests to connections; see client.h. */
#include "chaos/load/client_internal.h"
#include "worker/clock.h"
#include <err.h>
#include <stdlib.h>

struct http_connection *client_new_request(struct client *client,
                                           const struct load_request *request)
{
    struct http_connection *connection = calloc(1, sizeof(*connection));

    if (!connection)
        err(1, "cannot allocate a connection");
    connection->client = client;
    connection->fd = -1;
    connection->request = *request;
    return connection;
}

void client_move(struct http_connection *connection,
                 struct http_connection_list *list)
{
    if (connection->list) {
        TAILQ_REMOVE(&connection->list->all, connection, link);
        connection->list->count--;
    }
    connection->list = list;
    if (list) {
        TAILQ_INSERT_TAIL(&list->all, connection, link);
        list->count++;
    }
}

/* ---- From a request to a connection ------------------------------------- */

static bool has_room(const struct client *client, bool closes)
{
    uint32_t open = client->busy[closes].count;

    return open + (closes ? 0 : client->idle.count) <
           client->options->connections;
}

/*
 * Finds a connection for a request, or returns false.  Opens persistent
 * connections up to the limit before it reuses one, and reuses the one that was
 * idle longest: so faults can affect all of them.
 */
static bool dispatch(struct http_connection *queued)
{
    struct client *client = queued->client;
    struct http_connection *idle = TAILQ_FIRST(&client->idle.all);
    bool closes = queued->request.closes_connection;

    if (has_room(client, closes)) {
        client_move(queued, &client->busy[closes]);
        http_connection_open(queued);
        return true;
    }
    if (closes || !idle)
        return false;
    client_move(idle, &client->busy[false]);
    http_connection_ask(idle, &queued->request);
    client_move(queued, NULL);
    free(queued);
    return true;
}

void client_send(struct http_connection *queued)
{
    struct http_connection_list *list =
        &queued->client->waiting[queued->request.closes_connection];

    if (list->count > 0 || !dispatch(queued))
        client_move(queued, list);
}

/* A connection that ends in dispatch() calls this function again.  Only the
 * outermost call does the work, so that a server that refuses connections does
 * not cause a deep recursion. */
static void dispatch_waiting(struct client *client, bool closes)
{
    struct http_connection *first;

    if (client->dispatching)
        return;
    client->dispatching = true;
    while ((first = TAILQ_FIRST(&client->waiting[closes].all)) &&
           dispatch(first))
        ;
    client->dispatching = false;
    client_fill(client);
}

/* ---- What happens to connections ---------------------------------------- */

void client_connection_outcome(struct http_connection *connection,
                               enum outcome outcome)
{
    bool doubtful = outcome == OUTCOME_OK && !connection->answer.proven;

    client_end_request(connection->client, &connection->request, outcome);
    if (doubtful)
        ledger_doubt(&connection->request.phase_stats->ledger);
}

void client_connection_freed(struct http_connection *connection)
{
    struct client *client = connection->client;

    connection->since_us = clock_monotonic_us();
    client_move(connection, connection->state == HTTP_CONNECTION_IDLE
                                ? &client->idle
                                : &client->closing);
    dispatch_waiting(client, connection->request.closes_connection);
}

void client_connection_unexpected(struct http_connection *connection)
{
    if (connection->outcome != OUTCOME_OK)
        return;
    connection->outcome = OUTCOME_EXTRA;
    ledger_amend(&connection->request.phase_stats->ledger, OUTCOME_EXTRA);
}

void client_connection_gone(struct http_connection *connection)
{
    struct client *client = connection->client;
    bool closes = connection->request.closes_connection;

    client_move(connection, NULL);
    free(connection);
    dispatch_waiting(client, closes);
}
