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

/* All of the answer is sent; only its request was still to be taken out. */
static bool is_answered(const struct held *held)
{
    return held->left && held->left->unsent_bytes == 0 &&
           record_load(&held->left->record).state == RECORD_COMMITTED;
}

static void end_answered(struct supervisor *supervisor, struct held *held)
{
    if (held->in_hand)
        supervisor->totals.requests.answered_after_retry++;
    held->in_hand = false;
    connections_linger(supervisor, held, END_CLOSED);
}

static bool has_response_bytes_out(const struct held *held)
{
    return held->left && held->left->offset > 0;
}

void unserved_expire(struct supervisor *supervisor, struct held *held)
{
    if (kernel_queue_is_empty(held->fd) && !held->left) {
        /* It has asked nothing, so it is owed nothing: let it wait on. */
        held->queue_until_us = 0;
        connections_unlist(supervisor, held);
        connections_wait(supervisor, held, LIST_QUEUE);
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
