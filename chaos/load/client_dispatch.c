/* SPDX-License-Identifier: MIT */
/* client_dispatch.c - assigns requests to connections; see client.h. */
#include "chaos/load/client_internal.h"
#include "worker/clock.h"

static struct http_connection_list *
list_of(struct client *client, const struct http_connection *http_connection)
{
    switch (http_connection->state) {
    case HTTP_CONNECTION_CONNECTING:
    case HTTP_CONNECTION_WAITING:
    case HTTP_CONNECTION_MIDDLE:
        break;
    case HTTP_CONNECTION_IDLE:
        return &client->idle;
    case HTTP_CONNECTION_CLOSING:
        return &client->closing;
    }
    return &client->busy[http_connection->request.closes_connection];
}

static struct request_queue *request_queue_for(struct client *client,
                                               bool closes)
{
    return closes ? &client->for_new : &client->for_persistent;
}

/* ---- From a request to a connection ------------------------------------- */

static void open_for(struct client *client, const struct load_request *request)
{
    struct http_connection *http_connection =
        http_connection_new(&client->spare);
    struct http_connection_list *list =
        &client->busy[request->closes_connection];

    http_connection_list_append(list, http_connection);
    client->persistent += !request->closes_connection;
    if (http_connection_open(http_connection, &client->owner, request) == 0)
        return;
    client->persistent -= !request->closes_connection;
    http_connection_list_remove(list, http_connection);
    http_connection_spare(&client->spare, http_connection);
    client_end_request(client, request, OUTCOME_NOT_SENT);
}

static bool has_room(const struct client *client, bool closes)
{
    uint32_t open = closes ? client->busy[true].count : client->persistent;

    return open < client->options.connections;
}

/*
 * Finds a connection for a request, or returns false.  Opens persistent
 * connections up to the limit before it reuses one, and reuses the one that was
 * idle longest: so faults can affect all of them.
 */
static bool dispatch(struct client *client, const struct load_request *request)
{
    struct http_connection *http_connection = client->idle.first;

    if (has_room(client, request->closes_connection)) {
        open_for(client, request);
        return true;
    }
    if (request->closes_connection || !http_connection)
        return false;
    http_connection_list_remove(&client->idle, http_connection);
    http_connection_list_append(&client->busy[false], http_connection);
    http_connection_ask(http_connection, request);
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
           (has_room(client, closes) || (!closes && client->idle.first))) {
        struct load_request request = *first;

        request_queue_pop(request_queue);
        dispatch(client, &request);
    }
    client->dispatching = false;
    client_fill(client);
}

/* ---- Callbacks of connections ------------------------------------------- */

static void on_outcome(struct http_connection *http_connection,
                       enum outcome outcome)
{
    /* Read before client_end_request, which may give the connection another
     * request. */
    struct request_outcomes *ledger =
        &http_connection->request.phase_stats->ledger;
    bool doubtful = outcome == OUTCOME_OK && !http_connection->answer.proven;

    client_end_request(http_connection->owner->client,
                       &http_connection->request, outcome);
    if (doubtful)
        ledger_doubt(ledger);
}

/* Moves the connection from the busy list to the list of its state. */
static void on_request_ended(struct http_connection *http_connection)
{
    struct client *client = http_connection->owner->client;
    bool closes = http_connection->request.closes_connection;

    http_connection_list_remove(&client->busy[closes], http_connection);
    client->persistent -=
        http_connection->state == HTTP_CONNECTION_CLOSING && !closes;
    http_connection->since_us = clock_monotonic_us();
    http_connection_list_append(list_of(client, http_connection),
                                http_connection);
    dispatch_request_queue(client, closes);
}

static void on_unexpected(struct http_connection *http_connection)
{
    if (http_connection->outcome != OUTCOME_OK)
        return;
    http_connection->outcome = OUTCOME_EXTRA;
    ledger_amend(&http_connection->request.phase_stats->ledger, OUTCOME_EXTRA);
}

static void on_gone(struct http_connection *http_connection)
{
    struct client *client = http_connection->owner->client;
    bool closes = http_connection->request.closes_connection;

    http_connection_list_remove(list_of(client, http_connection),
                                http_connection);
    client->persistent -=
        http_connection->state != HTTP_CONNECTION_CLOSING && !closes;
    http_connection_spare(&client->spare, http_connection);
    dispatch_request_queue(client, closes);
}

void client_set_callbacks(struct http_connection_owner *owner)
{
    owner->on_outcome = on_outcome;
    owner->on_idle = on_request_ended;
    owner->on_closing = on_request_ended;
    owner->on_unexpected = on_unexpected;
    owner->on_gone = on_gone;
}
