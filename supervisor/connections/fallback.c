/* SPDX-License-Identifier: MIT */
/* fallback.c - see fallback.h. */
#include "supervisor/connections/fallback.h"
#include "supervisor/connections/connections.h"
#include "worker/http/refusal.h"
#include "worker/http/response.h"
#include "worker/protocol/kernel_queue.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* ---- Refusals ---- */

static bool may_have_run(const struct held_connection *held)
{
    return held->saved_request && held->request_in_progress &&
           !(held->saved_request->record.flags & RECORD_REPEATABLE);
}

static unsigned status_for(const struct held_connection *held)
{
    if (held->refusal)
        return held->refusal;
    return may_have_run(held) ? 502 : 503;
}

static const char *text_for(const struct supervisor *supervisor,
                            unsigned status, char buffer[REFUSAL_TEXT_BYTES])
{
    if (status != 503)
        return refusal_text(status, &supervisor->worker_config->options.limits,
                            buffer);
    return supervisor->stage == STAGE_SERVING ? "no worker is free"
                                              : "shutting down";
}

/* The unread request may be a HEAD, whose response has no body: so the reason
 * is in the status line (RFC 9112 section 4). */
static void refuse(struct supervisor *supervisor, struct held_connection *held)
{
    unsigned status = status_for(held);
    char response[512], retry_after[64] = "", text[REFUSAL_TEXT_BYTES];
    int bytes;

    if (status == 503)
        snprintf(retry_after, sizeof(retry_after), "Retry-After: %llu\r\n",
                 (unsigned long long)(1 + supervisor->options->backoff.cap_us /
                                              1000000));
    bytes = snprintf(response, sizeof(response),
                     "HTTP/1.1 %u %s: %s\r\n"
                     "Content-Length: 0\r\n"
                     "%s"
                     "Connection: close\r\n\r\n",
                     status, response_reason(status),
                     text_for(supervisor, status, text), retry_after);
    /* An empty send queue takes so few bytes whole. */
    if (send(held->fd, response, (size_t)bytes, MSG_DONTWAIT | MSG_NOSIGNAL) <
        0)
        connections_drop(supervisor, held, END_CLIENT_GONE);
    else
        connections_linger(supervisor, held, END_REFUSED);
}

/* ---- Committed responses ---- */

/* NULL: the worker had not committed a response. */
static const struct record *committed(const struct held_connection *held)
{
    const struct record *record =
        held->saved_request ? &held->saved_request->record : NULL;

    return record && record_load(record).state == RECORD_COMMITTED ? record
                                                                   : NULL;
}

/* A 100 Continue was sent: the client still waits for the response itself. */
static bool has_sent_continue(const struct held_connection *held)
{
    const struct record *record = committed(held);

    return record && record->flags & RECORD_INTERIM &&
           held->saved_request->unsent_bytes == 0;
}

/* The whole response was sent; only the request is still in the receive
 * queue. */
static bool is_answered(const struct held_connection *held)
{
    return committed(held) && held->saved_request->unsent_bytes == 0 &&
           !has_sent_continue(held);
}

/* The response of the worker may have been a refusal. */
static void end_answered(struct supervisor *supervisor,
                         struct held_connection *held)
{
    struct totals *totals = &supervisor->totals;

    if (held->request_in_progress && committed(held)->status < 400)
        totals->requests.answered_after_retry++;
    else if (held->request_in_progress)
        totals->requests.refused++;
    if (held->request_in_progress && committed(held)->status == 503 &&
        committed(held)->flags & RECORD_QUARANTINED)
        totals->quarantine.refused++;
    held->request_in_progress = false;
    connections_linger(supervisor, held, END_CLOSED);
}

/* Is part of a response unsent?  Then no other response may be sent. */
static bool has_unsent_response(const struct held_connection *held)
{
    return committed(held) && held->saved_request->unsent_bytes > 0;
}

static void count_sent(struct supervisor *supervisor,
                       struct held_connection *held, size_t sent_bytes)
{
    struct saved_request *saved = held->saved_request, *shorter;

    saved->record.sent_bytes += (uint32_t)sent_bytes;
    saved->offset += sent_bytes;
    saved->unsent_bytes -= sent_bytes;
    supervisor->connections->saved_bytes -= sent_bytes;
    memmove(saved->unsent, saved->unsent + sent_bytes, saved->unsent_bytes);
    shorter = realloc(saved, sizeof(*saved) + saved->unsent_bytes);
    if (shorter)
        held->saved_request = shorter;
}

/* Sends as much of a committed response as the send queue takes now; a worker
 * that resumes it learns from the kernel's counts how much that was.  Returns
 * false if the client is gone. */
static bool send_rest(struct supervisor *supervisor,
                      struct held_connection *held)
{
    struct saved_request *saved = held->saved_request;
    size_t sent_bytes = 0;
    ssize_t sent = 0;

    if (!has_unsent_response(held))
        return true;
    while (sent_bytes < saved->unsent_bytes) {
        sent =
            send(held->fd, saved->unsent + sent_bytes,
                 saved->unsent_bytes - sent_bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            break;
        sent_bytes += (size_t)sent;
    }
    count_sent(supervisor, held, sent_bytes);
    return sent >= 0 || errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM;
}

/* ---- Expiry and shutdown ---- */

void fallback_expire(struct supervisor *supervisor,
                     struct held_connection *held)
{
    if (kernel_queue_is_empty(held->fd) && !held->saved_request) {
        /* There is no request to refuse. */
        connection_enter(supervisor, held, CONNECTION_IDLE);
    } else if (!send_rest(supervisor, held)) {
        connections_drop(supervisor, held, END_CLIENT_GONE);
    } else if (is_answered(held)) {
        end_answered(supervisor, held);
    } else if (has_unsent_response(held)) {
        connection_enter(supervisor, held, CONNECTION_STALLED);
    } else {
        refuse(supervisor, held);
    }
}

void fallback_end(struct supervisor *supervisor, struct held_connection *held)
{
    bool waits_for_worker = connection_state_waits_for_worker(held->state) ||
                            held->state == CONNECTION_RECLAIMED;

    if (!send_rest(supervisor, held))
        connections_drop(supervisor, held, END_CLIENT_GONE);
    else if (is_answered(held))
        end_answered(supervisor, held);
    else if (waits_for_worker && !has_unsent_response(held) &&
             !kernel_queue_is_empty(held->fd))
        refuse(supervisor, held);
    else
        connections_drop(supervisor, held,
                         held->request_in_progress ? END_LOST : END_CLOSED);
}

void fallback_end_all(struct supervisor *supervisor)
{
    for (enum connection_state state = CONNECTION_IDLE;
         state < CONNECTION_LINGERING; state++)
        while (supervisor->connections->lists[state].head)
            fallback_end(supervisor,
                         supervisor->connections->lists[state].head);
}

static void close_without_request(struct supervisor *supervisor,
                                  enum connection_state state)
{
    struct held_connection *next;

    for (struct held_connection *held =
             supervisor->connections->lists[state].head;
         held; held = next) {
        next = held->next;
        if (kernel_queue_is_empty(held->fd) && !held->saved_request)
            connections_drop(supervisor, held, END_CLOSED);
    }
}

void fallback_close_idle(struct supervisor *supervisor)
{
    close_without_request(supervisor, CONNECTION_IDLE);
    close_without_request(supervisor, CONNECTION_QUEUED);
}
