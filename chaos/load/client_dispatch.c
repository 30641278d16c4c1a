/* client_dispatch.c - which connection a request is asked on; see client.h.
 */
#include "chaos/load/client_internal.h"
#include "supervisor/system/clock.h"

static struct conversation_list *
list_of(struct client *client, const struct conversation *conversation)
{
    switch (conversation->state) {
    case CONVERSATION_CONNECTING:
    case CONVERSATION_WAITING:
    case CONVERSATION_MIDDLE:
        break;
    case CONVERSATION_IDLE:
        return &client->idle;
    case CONVERSATION_PARTING:
        return &client->parting;
    }
    return &client->in_hand[conversation->request.last];
}

static struct backlog *backlog_for(struct client *client, bool last)
{
    return last ? &client->for_new : &client->for_kept;
}

/* ---- From a request to a connection ------------------------------------- */

static void open_for(struct client *client, const struct request *request)
{
    struct conversation *conversation = conversation_new(&client->spare);
    struct conversation_list *list = &client->in_hand[request->last];

    conversation_list_append(list, conversation);
    client->kept += !request->last;
    if (conversation_open(conversation, &client->owner, request) == 0)
        return;
    client->kept -= !request->last;
    conversation_list_remove(list, conversation);
    conversation_spare(&client->spare, conversation);
    client_end_request(client, request, OUTCOME_NOT_SENT);
}

static bool has_room(const struct client *client, bool last)
{
    uint32_t open = last ? client->in_hand[true].count : client->kept;

    return open < client->options.connections;
}

/*
 * Finds a connection for a request, or returns false.  The pool of kept ones
 * is filled before one is used again, and the one that rested longest is used
 * first: all of them are to be in use, and in danger.
 */
static bool dispatch(struct client *client, const struct request *request)
{
    struct conversation *conversation = client->idle.first;

    if (has_room(client, request->last)) {
        open_for(client, request);
        return true;
    }
    if (request->last || !conversation)
        return false;
    conversation_list_remove(&client->idle, conversation);
    conversation_list_append(&client->in_hand[false], conversation);
    conversation_ask(conversation, request);
    return true;
}

void client_send(struct client *client, const struct request *request)
{
    struct backlog *backlog = backlog_for(client, request->last);

    if (backlog_first(backlog) || !dispatch(client, request))
        backlog_push(backlog, request);
}

/* A connection may end within, and bring us back here: the outermost call
 * does the work, so that a refusing server does not dig into the stack. */
static void dispatch_backlog(struct client *client, bool last)
{
    struct backlog *backlog = backlog_for(client, last);
    const struct request *first;

    if (client->dispatching)
        return;
    client->dispatching = true;
    while ((first = backlog_first(backlog)) &&
           (has_room(client, last) || (!last && client->idle.first))) {
        struct request request = *first;

        backlog_pop(backlog);
        dispatch(client, &request);
    }
    client->dispatching = false;
    client_fill(client);
}

/* ---- What connections tell ---------------------------------------------- */

static void on_outcome(struct conversation *conversation, enum outcome outcome)
{
    /* Looked at first: the connection may have another request afterwards. */
    struct ledger *ledger = &conversation->request.tally->ledger;
    bool doubtful = outcome == OUTCOME_OK && !conversation->answer.proven;

    client_end_request(conversation->owner->client, &conversation->request,
                       outcome);
    if (doubtful)
        ledger_doubt(ledger);
}

/* It has left the list of those in hand; its state says where it goes. */
static void settle(struct conversation *conversation)
{
    struct client *client = conversation->owner->client;
    bool last = conversation->request.last;

    conversation_list_remove(&client->in_hand[last], conversation);
    client->kept -= conversation->state == CONVERSATION_PARTING && !last;
    conversation->since_us = clock_monotonic_us();
    conversation_list_append(list_of(client, conversation), conversation);
    dispatch_backlog(client, last);
}

static void on_stray(struct conversation *conversation)
{
    if (conversation->outcome != OUTCOME_OK)
        return;
    conversation->outcome = OUTCOME_EXTRA;
    ledger_amend(&conversation->request.tally->ledger, OUTCOME_EXTRA);
}

static void on_gone(struct conversation *conversation)
{
    struct client *client = conversation->owner->client;
    bool last = conversation->request.last;

    conversation_list_remove(list_of(client, conversation), conversation);
    client->kept -= conversation->state != CONVERSATION_PARTING && !last;
    conversation_spare(&client->spare, conversation);
    dispatch_backlog(client, last);
}

void client_listen(struct conversation_owner *owner)
{
    owner->on_outcome = on_outcome;
    owner->on_idle = settle;
    owner->on_parting = settle;
    owner->on_stray = on_stray;
    owner->on_gone = on_gone;
}
