/* unserved.c - says so to the client where it still can. */
#include "supervisor/unserved.h"
#include "supervisor/connections.h"
#include "worker/kernel_queue.h"
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* The one answer the supervisor gives itself, because no worker is to be had;
 * the request stays unread. */
static void say_unavailable(struct supervisor *supervisor, struct held *held)
{
    const char *text = supervisor->stage == STAGE_SERVING
                           ? "503 Service Unavailable: no worker is free\n"
                           : "503 Service Unavailable: going down\n";
    char answer[256];
    int bytes = snprintf(
        answer, sizeof(answer),
        "HTTP/1.1 503 Service Unavailable\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Length: %zu\r\n"
        "Retry-After: %llu\r\n"
        "Connection: close\r\n\r\n"
        "%s",
        strlen(text),
        (unsigned long long)(1 + supervisor->options->backoff.cap_us / 1000000),
        text);

    /* An empty send queue takes so few bytes whole. */
    if (send(held->fd, answer, (size_t)bytes, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        connections_drop(supervisor, held, END_CLIENT_GONE);
    else
        connections_linger(supervisor, held, END_REFUSED);
}

/* What of a response its worker had committed; NULL: it had none. */
static const struct record *committed(const struct held *held)
{
    const struct record *record = held->left ? &held->left->record : NULL;

    return record && record_load(record).state == RECORD_COMMITTED ? record
                                                                   : NULL;
}

/* 100 Continue, said whole: the client still waits for its answer, and whatever
 * comes next may be that. */
static bool has_said_continue(const struct held *held)
{
    const struct record *record = committed(held);

    return record && record->flags & RECORD_INTERIM &&
           held->left->unsent_bytes == 0;
}

/* All of the answer is sent; only its request was still to be taken out. */
static bool is_answered(const struct held *held)
{
    return committed(held) && held->left->unsent_bytes == 0 &&
           !has_said_continue(held);
}

/* By another than the supervisor, and perhaps by a refusal. */
static void end_answered(struct supervisor *supervisor, struct held *held)
{
    struct totals *totals = &supervisor->totals;

    if (held->in_hand && committed(held)->status < 400)
        totals->requests.answered_after_retry++;
    else if (held->in_hand)
        totals->requests.refused++;
    held->in_hand = false;
    connections_linger(supervisor, held, END_CLOSED);
}

static bool has_response_bytes_out(const struct held *held)
{
    return held->left && held->left->offset > 0 && !has_said_continue(held);
}

void unserved_expire(struct supervisor *supervisor, struct held *held)
{
    if (kernel_queue_is_empty(held->fd) && !held->left) {
        /* It has asked nothing, so it is owed nothing: let it wait on, where
         * its leaving is noticed. */
        connections_unlist(supervisor, held);
        connections_wait(supervisor, held, LIST_IDLE);
    } else if (is_answered(held)) {
        end_answered(supervisor, held);
    } else if (has_response_bytes_out(held)) {
        connections_drop(supervisor, held, END_LOST);
    } else {
        say_unavailable(supervisor, held);
    }
}

void unserved_end(struct supervisor *supervisor, struct held *held)
{
    bool waits_for_worker =
        held->place == PLACE_QUEUED || held->place == PLACE_HANDED;

    if (is_answered(held))
        end_answered(supervisor, held);
    else if (waits_for_worker && !has_response_bytes_out(held) &&
             !kernel_queue_is_empty(held->fd))
        say_unavailable(supervisor, held);
    else
        connections_drop(supervisor, held,
                         held->in_hand ? END_LOST : END_CLOSED);
}

void unserved_end_all(struct supervisor *supervisor)
{
    for (enum list_kind kind = LIST_IDLE; kind < LIST_LINGER; kind++)
        while (supervisor->lists[kind].head)
            unserved_end(supervisor, supervisor->lists[kind].head);
}

static void close_unasked(struct supervisor *supervisor, enum list_kind kind)
{
    struct held *next;

    for (struct held *held = supervisor->lists[kind].head; held; held = next) {
        next = held->next;
        if (kernel_queue_is_empty(held->fd) && !held->left)
            connections_drop(supervisor, held, END_CLOSED);
    }
}

void unserved_close_idle(struct supervisor *supervisor)
{
    close_unasked(supervisor, LIST_IDLE);
    close_unasked(supervisor, LIST_QUEUE);
}
