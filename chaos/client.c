/* client.c - see client.h. */
#include "chaos/client.h"
#include "supervisor/system/clock.h"
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define BUFFER_BYTES      (64 * 1024)
#define REQUESTS_A_WAKEUP 512  /* then let answers come in */
#define STEP_US           50   /* finer than this, requests go in groups */
#define WATCH_EVERY_S     0.02 /* how exactly timeouts are kept */
#define PARTING_US        (1000 * 1000) /* patience with a last connection */

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
    return &client->in_hand[conversation->last];
}

/* ---- Requests ----------------------------------------------------------- */

static void end_request(struct client *client, const struct request *request,
                        enum outcome outcome)
{
    uint64_t now_us = clock_monotonic_us();

    tally_record(request->tally, outcome, request->intended_us, now_us);
    if (client->on_ended)
        client->on_ended(client->context, request, outcome, now_us);
}

static void open_for(struct client *client, const struct request *request,
                     bool last)
{
    struct conversation *conversation = conversation_new(&client->spare);
    struct conversation_list *list = &client->in_hand[last];

    conversation_list_append(list, conversation);
    client->kept += !last;
    if (conversation_open(conversation, &client->owner, request, last) == 0)
        return;
    client->kept -= !last;
    conversation_list_remove(list, conversation);
    conversation_spare(&client->spare, conversation);
    end_request(client, request, OUTCOME_NOT_SENT);
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
static bool dispatch(struct client *client, const struct request *request,
                     bool last)
{
    struct conversation *conversation = client->idle.first;

    if (has_room(client, last)) {
        open_for(client, request, last);
        return true;
    }
    if (last || !conversation)
        return false;
    conversation_list_remove(&client->idle, conversation);
    conversation_list_append(&client->in_hand[false], conversation);
    conversation_ask(conversation, request);
    return true;
}

/* A connection may end within, and bring us back here: the outermost call
 * does the work, so that a refusing server does not dig into the stack. */
static void dispatch_backlog(struct client *client, bool last)
{
    struct backlog *backlog = last ? &client->for_new : &client->for_kept;
    const struct request *first;

    if (client->dispatching)
        return;
    client->dispatching = true;
    while ((first = backlog_first(backlog)) &&
           (has_room(client, last) || (!last && client->idle.first))) {
        struct request request = *first;

        backlog_pop(backlog);
        dispatch(client, &request, last);
    }
    client->dispatching = false;
}

static void begin_request(struct client *client, uint64_t now_us)
{
    struct request request = {
        .number = client->pace.number,
        .intended_us = pace_due_us(&client->pace),
        .tally = client->tally,
    };
    bool last = random_unit(&client->choices) < client->options.new_share;
    uint64_t which = random_below(&client->choices, client->question_count);
    struct backlog *backlog = last ? &client->for_new : &client->for_kept;

    request.question = &client->questions[which];
    if (client->provoking_share > 0 &&
        random_unit(&client->choices) < client->provoking_share) {
        request.question = &client->provocation;
        request.tally = client->provoked;
    }
    pace_advance(&client->pace);
    ledger_begin(&request.tally->ledger);
    histogram_record(&request.tally->lateness, now_us - request.intended_us);
    if (backlog_first(backlog) || !dispatch(client, &request, last))
        backlog_push(backlog, &request);
}

/* ---- What connections tell ---------------------------------------------- */

static void on_outcome(struct conversation *conversation, enum outcome outcome)
{
    end_request(conversation->owner->client, &conversation->request, outcome);
}

/* It has left the list of those in hand; its state says where it goes. */
static void settle(struct conversation *conversation)
{
    struct client *client = conversation->owner->client;

    conversation_list_remove(&client->in_hand[conversation->last],
                             conversation);
    client->kept -=
        conversation->state == CONVERSATION_PARTING && !conversation->last;
    conversation->since_us = clock_monotonic_us();
    conversation_list_append(list_of(client, conversation), conversation);
    dispatch_backlog(client, conversation->last);
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
    bool last = conversation->last;

    conversation_list_remove(list_of(client, conversation), conversation);
    client->kept -= conversation->state != CONVERSATION_PARTING && !last;
    conversation_spare(&client->spare, conversation);
    dispatch_backlog(client, last);
}

/* ---- Time --------------------------------------------------------------- */

static bool all_ended(const struct client *client)
{
    return !client->in_hand[0].first && !client->in_hand[1].first &&
           client->for_kept.count + client->for_new.count == 0;
}

static void finish_if_all_ended(struct client *client)
{
    if (!client->finishing || !all_ended(client) || client->parting.first)
        return;
    ev_timer_stop(client->loop, &client->watch);
    if (client->on_done)
        client->on_done(client->context);
}

static void expire_backlog(struct client *client, struct backlog *backlog,
                           uint64_t now_us)
{
    const struct request *first;

    while ((first = backlog_first(backlog)) &&
           first->intended_us + client->options.timeout_us <= now_us) {
        struct request request = *first;

        backlog_pop(backlog);
        end_request(client, &request, OUTCOME_NOT_SENT);
    }
}

static void expire_connections(struct conversation_list *list,
                               uint64_t timeout_us, uint64_t now_us)
{
    while (list->first &&
           list->first->request.intended_us + timeout_us <= now_us)
        conversation_expire(list->first);
}

static void on_watch(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct client *client = timer->data;
    uint64_t now_us = clock_monotonic_us();
    uint64_t timeout_us = client->options.timeout_us;
    struct conversation *parting;

    (void)loop;
    (void)revents;
    expire_backlog(client, &client->for_kept, now_us);
    expire_backlog(client, &client->for_new, now_us);
    expire_connections(&client->in_hand[0], timeout_us, now_us);
    expire_connections(&client->in_hand[1], timeout_us, now_us);
    while ((parting = client->parting.first) &&
           parting->since_us + PARTING_US <= now_us)
        conversation_expire(parting);
    finish_if_all_ended(client);
}

static void arm(struct client *client, uint64_t at_us)
{
    struct itimerspec when = {
        .it_value = { .tv_sec = (time_t)(at_us / 1000000),
                      .tv_nsec = (long)(at_us % 1000000) * 1000 }
    };

    timerfd_settime(client->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void on_due(struct ev_loop *loop, ev_io *watcher, int revents)
{
    struct client *client = watcher->data;
    uint64_t expirations, now_us = clock_monotonic_us();
    uint64_t due_us = pace_due_us(&client->pace);

    (void)loop;
    (void)revents;
    if (read(client->timer_fd, &expirations, sizeof(expirations)) < 0 &&
        errno == EAGAIN)
        return;
    for (int i = 0; i < REQUESTS_A_WAKEUP; i++) {
        if (due_us > now_us || due_us >= client->end_us)
            break;
        begin_request(client, now_us);
        due_us = pace_due_us(&client->pace);
    }
    if (due_us >= client->end_us)
        client_stop(client);
    else
        arm(client, due_us > now_us + STEP_US ? due_us : now_us + STEP_US);
}

/* ---- Life --------------------------------------------------------------- */

struct client *client_new(struct ev_loop *loop, const struct address *address,
                          const struct client_options *options)
{
    struct client *client = calloc(1, sizeof(*client));
    char *buffer = malloc(BUFFER_BYTES);

    if (!client || !buffer)
        err(1, "cannot make a client");
    client->options = *options;
    client->loop = loop;
    client->address = *address;
    client->timer_fd =
        timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (client->timer_fd < 0)
        err(1, "cannot make a timer");
    random_seed(&client->choices, options->seed);
    client->owner = (struct conversation_owner){
        .loop = loop,
        .address = (const struct sockaddr *)&client->address.sockaddr,
        .address_length = address->sockaddr_length,
        .check = &client->check,
        .buffer = buffer,
        .buffer_bytes = BUFFER_BYTES,
        .client = client,
        .on_outcome = on_outcome,
        .on_idle = settle,
        .on_parting = settle,
        .on_stray = on_stray,
        .on_gone = on_gone,
    };
    ev_io_init(&client->due, on_due, client->timer_fd, EV_READ);
    ev_timer_init(&client->watch, on_watch, WATCH_EVERY_S, WATCH_EVERY_S);
    client->due.data = client;
    client->watch.data = client;
    return client;
}

void client_start(struct client *client, struct tally *tally)
{
    uint64_t now_us = clock_monotonic_us();

    assert(client->question_count > 0);
    client->tally = tally;
    client->end_us = client->options.duration_us
                         ? now_us + client->options.duration_us
                         : UINT64_MAX;
    pace_begin(&client->pace, client->options.rate, client->options.poisson,
               client->options.seed, now_us);
    ev_io_start(client->loop, &client->due);
    ev_timer_start(client->loop, &client->watch);
    arm(client, now_us);
}

void client_stop(struct client *client)
{
    if (client->finishing)
        return;
    client->finishing = true;
    tally_close(client->tally, clock_monotonic_us());
    ev_io_stop(client->loop, &client->due);
}

static void withdraw(struct backlog *backlog)
{
    for (; backlog_first(backlog); backlog_pop(backlog))
        ledger_withdraw(&backlog_first(backlog)->tally->ledger);
}

void client_abandon(struct client *client)
{
    client_stop(client);
    ev_timer_stop(client->loop, &client->watch);
    withdraw(&client->for_kept);
    withdraw(&client->for_new);
    for (int kind = 0; kind < 2; kind++) {
        while (client->in_hand[kind].first) {
            struct conversation *conversation = client->in_hand[kind].first;

            ledger_withdraw(&conversation->request.tally->ledger);
            conversation_drop(conversation);
        }
    }
}

uint32_t client_connections(const struct client *client)
{
    return client->in_hand[0].count + client->in_hand[1].count +
           client->idle.count + client->parting.count;
}

void client_free(struct client *client)
{
    if (!client)
        return;
    if (!client->finishing && client->tally)
        client_abandon(client);
    while (client->idle.first)
        conversation_drop(client->idle.first);
    while (client->parting.first)
        conversation_drop(client->parting.first);
    conversation_free_spares(&client->spare);
    ev_io_stop(client->loop, &client->due);
    ev_timer_stop(client->loop, &client->watch);
    close(client->timer_fd);
    backlog_free(&client->for_kept);
    backlog_free(&client->for_new);
    free(client->owner.buffer);
    free(client);
}
