/* SPDX-License-Identifier: MIT */
/* client_dispatch.c - assigns requests to connections; see client.h. */
#include "chaos/load/client_internal.h"
#include "worker/clock.h"
#include <err.h>
#include <stdlib.h>

/* Moves a connection to the end of `list`; NULL: to none. */
static void move_to(struct http_connection *connection,
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

static struct request_queue *request_queue_for(struct client *client,
                                               bool closes)
{
    return closes ? &client->for_new : &client->for_persistent;
}

/* ---- From a request to a connection ------------------------------------- */

static void open_for(struct client *client, const struct load_request *request)
{
    struct http_connection *connection = calloc(1, sizeof(*connection));

    if (!connection)
        err(1, "cannot allocate a connection");
    connection->client = client;
    connection->request = *request;
    move_to(connection, &client->busy[request->closes_connection]);
    if (http_connection_open(connection) == 0)
        return;
    move_to(connection, NULL);
    free(connection);
    client_end_request(client, request, OUTCOME_NOT_SENT);
}

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
static bool dispatch(struct client *client, const struct load_request *request)
{
    struct http_connection *connection = TAILQ_FIRST(&client->idle.all);

    if (has_room(client, request->closes_connection)) {
        open_for(client, request);
        return true;
    }
    if (request->closes_connection || !connection)
        return false;
    move_to(connection, &client->busy[false]);
    http_connection_ask(connection, request);
    return true;
}

void client_send(struct client *client, const struct load_request *request)
{
    struct request_queue *request_queue =
        request_queue_for(client, request->closes_connection);

    if (request_queue_first(request_queue) || !dispatch(client, request))
        request_queue_push(request_queue, request);
}

/* A connection that ends in dispatch() calls this function again.  Only the
 * outermost call does the work, so that a server that refuses connections does
 * not cause a deep recursion. */
static void dispatch_request_queue(struct client *client, bool closes)
{
    struct request_queue *request_queue = request_queue_for(client, closes);
    const struct load_request *first;

    if (client->dispatching)
        return;
    client->dispatching = true;
    while ((first = request_queue_first(request_queue)) &&
           (has_room(client, closes) || (!closes && client->idle.count > 0))) {
        struct load_request request = *first;

        request_queue_pop(request_queue);
        dispatch(client, &request);
    }
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
    move_to(connection, connection->state == HTTP_CONNECTION_IDLE
                            ? &client->idle
                            : &client->closing);
    dispatch_request_queue(client, connection->request.closes_connection);
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

    move_to(connection, NULL);
    free(connection);
    dispatch_request_queue(client, closes);
}
