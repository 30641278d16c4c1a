/* SPDX-License-Identifier: MIT */
/*
 * connection.c - steps 1 to 3: reads the request and builds the response.
 *
 * The order of stores matters: see delivery.c.
 */
#include "worker/clock.h"
#include "worker/http/refusal.h"
#include "worker/http/request_summary.h"
#include "worker/protocol/kernel_queue.h"
#include "worker/serve/internal.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

/* The resolution of the loop's timers. */
#define TIMER_SLACK_US 1000

/* Retry-After if there was no memory for a response.  Memory becomes free when
 * other clients read their responses. */
#define MEMORY_RETRY_AFTER_S 5

/* ---- Step 3: the response ---- */

/* Returns whether the handler has finished, else sets *need. */
static bool call_handler(struct connection *connection,
                         const struct connection_setting *setting,
                         struct exchange *exchange, enum connection_need *need)
{
    /* When a timer of this length fires, the request has timed out. */
    uint64_t left_us =
        setting->request_timeout_us - exchange->waited_us + TIMER_SLACK_US;

    switch (setting->handler(exchange, setting->service)) {
    case HANDLE_LATER:
        connection->again_us =
            exchange->again_us < left_us ? exchange->again_us : left_us;
        *need = NEED_TIME;
        return false;
    case HANDLE_COUNT:
        connection->count_add = exchange->count_add;
        connection->count_key = exchange->count_key;
        *need = NEED_COUNT;
        return false;
    case HANDLED:
        break;
    }
    return true;
}

/* The handler has run.  Its response would fit into an area, but exceeds the
 * memory that the supervisor allows to this worker now. */
static void refuse_for_memory(struct connection *connection,
                              struct response *response, bool repeatable,
                              time_t now)
{
    atomic_fetch_add_explicit(&connection->arena->head->refused_for_memory, 1,
                              memory_order_relaxed);
    if (repeatable)
        response_refuse_for_now(response, REFUSAL_NO_MEMORY,
                                MEMORY_RETRY_AFTER_S, now);
    else
        worker_response_refuse(response, 500, REFUSAL_RAN_NO_MEMORY, now);
}

static enum connection_need respond(struct connection *connection,
                                    const struct connection_setting *setting,
                                    const struct request *request)
{
    struct response response;
    struct exchange exchange = { .request = request,
                                 .response = &response,
                                 .worker = &setting->identity,
                                 .now = time(NULL),
                                 .faults_allowed = setting->faults_allowed,
                                 .counted = connection->reply_received,
                                 .count = connection->count };
    uint64_t now_us = clock_monotonic_us();
    char text[REFUSAL_TEXT_BYTES];
    enum connection_need need;

    worker_response_open(&response,
                         arena_area(connection->arena, connection->area),
                         step_response_capacity(connection, setting), request,
                         setting->closes_after);
    if (!connection->handling_since_us)
        connection->handling_since_us = now_us;
    exchange.waited_us = now_us - connection->handling_since_us;
    if (exchange.waited_us > setting->request_timeout_us)
        connection->refusal = 500;
    if (connection->refusal)
        worker_response_refuse(
            &response, connection->refusal,
            refusal_text(connection->refusal, &setting->limits, text),
            exchange.now);
    else if (!call_handler(connection, setting, &exchange, &need))
        return need;
    if (response.bytes == 0 ? response.wanted_bytes > response.text.capacity &&
                                  response.wanted_bytes <= ARENA_RESPONSE_BYTES
                            : !step_claim(connection, response.bytes))
        refuse_for_memory(connection, &response, request->repeatable,
                          exchange.now);
    if (response.bytes == 0)
        worker_response_refuse(
            &response, 500, "the handler finished no response", exchange.now);
    return delivery_commit(connection, setting, &response);
}

/* ---- Steps 1 and 2: the request ---- */

static void describe(struct connection *connection,
                     const struct connection_setting *setting,
                     size_t request_bytes, bool repeatable)
{
    request_summary_write(connection->record, connection->consumed_bytes,
                          setting->peek->bytes, request_bytes, repeatable);
}

static bool is_quarantined(const struct connection_setting *setting,
                           size_t request_bytes, uint64_t now_us)
{
    const struct quarantine *quarantine = setting->quarantine;

    return !quarantine_is_empty(quarantine, now_us) &&
           quarantine_holds(quarantine,
                            identity_of(&quarantine->key, setting->peek->bytes,
                                        request_bytes),
                            now_us);
}

/* If the worker accepted the connection itself, the supervisor cannot read the
 * request when the worker has died.  Stores what the supervisor needs for the
 * quarantine in the record. */
static void identify(struct connection *connection,
                     const struct connection_setting *setting,
                     size_t request_bytes)
{
    const struct siphash_key *key = &setting->quarantine->key;
    struct record *record = connection->record;
    struct identity identity;

    if (atomic_load_explicit(&record->accepted, memory_order_relaxed) == 0)
        return;
    identity = identity_of(key, setting->peek->bytes, request_bytes);
    record->request_hash = identity.request_hash;
    record->line_hash = identity.line_hash;
    record->seal =
        identity_seal(key, record, (uint32_t)(record - setting->arena->records),
                      connection->progress.begun + 1);
}

/* Refuses an invalid or late request and closes the connection: the start of
 * the next request is not known.  All `bytes` bytes that have arrived become
 * the request, and are consumed: closing with unread bytes would reset the
 * connection, and the client could lose the response. */
static enum connection_need
commit_refusal(struct connection *connection,
               const struct connection_setting *setting, size_t bytes,
               unsigned status, const char *text, bool is_head)
{
    static const struct request unknown = { .keep_alive = false };
    struct response response;

    describe(connection, setting, bytes, false);
    worker_response_open(&response,
                         arena_area(connection->arena, connection->area),
                         ARENA_SMALL_BYTES, &unknown, true);
    response.is_head = is_head;
    worker_response_refuse(&response, status, text, time(NULL));
    connection->progress.begun++;
    return delivery_commit(connection, setting, &response);
}

/* Sends 100 Continue (RFC 9110 section 10.1.1) like a response, to a request of
 * 0 bytes. */
static enum connection_need
send_continue(struct connection *connection,
              const struct connection_setting *setting)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct response interim = { .bytes = sizeof(text) - 1,
                                .used_bytes = sizeof(text) - 1,
                                .status = 100 };

    /* In state PARSING, RECORD_CONTINUED would mean that the 100 Continue was
     * sent.  In state EMPTY, SO_RCVLOWAT must be 1. */
    if (connection->low_water_raised)
        step_set_low_water(connection, 1);
    step_mark(connection, RECORD_EMPTY);
    describe(connection, setting, 0, false);
    connection->record->flags = RECORD_INTERIM | RECORD_CONTINUED;
    memcpy(arena_area(connection->arena, connection->area), text,
           sizeof(text) - 1);
    return delivery_commit(connection, setting, &interim);
}

static bool peer_has_closed(int fd)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLRDHUP };

    return poll(&poll_fd, 1, 0) == 1 &&
           poll_fd.revents & (POLLRDHUP | POLLHUP | POLLERR);
}

/* Returns whether TCP urgent data follows the `bytes` peeked bytes.  Every peek
 * stops there (tcp(7), MSG_OOB), so the request would never be whole. */
static bool is_urgent(const struct connection *connection,
                      const struct connection_setting *setting, size_t bytes)
{
    return kernel_queue_unread(connection->fd) > bytes &&
           peek_bytes(setting->peek, connection->fd) == (ssize_t)bytes;
}

static enum connection_need wait_for_more(struct connection *connection,
                                          size_t bytes)
{
    /* Set this before the check for a FIN: bytes or a FIN that arrive after the
     * check then wake the loop. */
    step_set_low_water(connection, (int)bytes + 1);
    if (peer_has_closed(connection->fd))
        return step_close(connection);
    return NEED_MORE;
}

static enum connection_need
read_request(struct connection *connection,
             const struct connection_setting *setting)
{
    struct request request;
    char text[REFUSAL_TEXT_BYTES];
    unsigned status;
    uint64_t now_us = clock_monotonic_us();
    ssize_t bytes;

    if (connection->progress.state == RECORD_EMPTY)
        connection->record->since_us = now_us;
    step_mark(connection, RECORD_PARSING);
    bytes = peek_bytes(setting->peek, connection->fd);
    if (bytes < 0 && (errno == EAGAIN || errno == EINTR)) {
        step_mark(connection, RECORD_EMPTY);
        return NEED_REQUEST;
    }
    if (bytes <= 0)
        return step_close(connection);
    if (connection->refusal)
        return commit_refusal(
            connection, setting, (size_t)bytes, connection->refusal,
            refusal_text(connection->refusal, &setting->limits, text),
            worker_request_is_head(setting->peek->bytes, (size_t)bytes));
    switch (request_read(&request, setting->peek->bytes, (size_t)bytes,
                         &setting->limits, &status)) {
    case REQUEST_PARTIAL:
        if (request.wants_continue &&
            !(connection->record->flags & RECORD_CONTINUED))
            return send_continue(connection, setting);
        if (is_urgent(connection, setting, (size_t)bytes))
            return commit_refusal(connection, setting, (size_t)bytes, 400,
                                  "the request contains TCP urgent data",
                                  false);
        return wait_for_more(connection, (size_t)bytes);
    case REQUEST_BAD:
        return commit_refusal(connection, setting, (size_t)bytes, status,
                              refusal_text(status, &setting->limits, text),
                              request.is_head);
    case REQUEST_WHOLE:
        break;
    }
    connection->nothing_follows = (size_t)bytes == request.wire_bytes;
    if (setting->faults_allowed)
        fault_read(&request, &connection->fault);
    fault_reach(&connection->fault, STEP_PARSING, setting->arena);
    describe(connection, setting, request.wire_bytes, request.repeatable);
    identify(connection, setting, request.wire_bytes);
    if (is_quarantined(setting, request.wire_bytes, now_us)) {
        connection->record->flags |= RECORD_QUARANTINED;
        connection->refusal = 503;
    }
    connection->progress.begun++;
    step_mark(connection, RECORD_HANDLING);
    if (!connection->refusal)
        fault_reach(&connection->fault, STEP_HANDLING, setting->arena);
    return respond(connection, setting, &request);
}

/* Calls the handler again, after an earlier call by this worker or by a dead
 * one.  The request is still in the receive queue. */
static enum connection_need
handle_again(struct connection *connection,
             const struct connection_setting *setting)
{
    struct request request;
    unsigned status;
    ssize_t bytes = peek_bytes(setting->peek, connection->fd);

    if (bytes < 0 && (errno == EINTR || errno == EAGAIN))
        bytes = 0;
    if (bytes <= 0 ||
        request_read(&request, setting->peek->bytes, (size_t)bytes,
                     &setting->limits, &status) != REQUEST_WHOLE ||
        request.wire_bytes != connection->record->request_bytes)
        return step_close(connection);
    connection->nothing_follows = (size_t)bytes == request.wire_bytes;
    if (setting->faults_allowed && connection->handling_since_us == 0 &&
        !connection->refusal) {
        fault_read(&request, &connection->fault);
        fault_reach(&connection->fault, STEP_HANDLING, setting->arena);
    }
    return respond(connection, setting, &request);
}

enum connection_need
connection_advance(struct connection *connection,
                   const struct connection_setting *setting)
{
    enum connection_need need = NEED_CLOSE;

    if (connection->progress.state < RECORD_CLOSING &&
        !step_take_area(connection))
        return NEED_AREA;
    switch (connection->progress.state) {
    case RECORD_EMPTY:
    case RECORD_PARSING:
        need = read_request(connection, setting);
        break;
    case RECORD_HANDLING:
        need = handle_again(connection, setting);
        break;
    case RECORD_COMMITTED:
        need = delivery_continue(connection, setting);
        break;
    case RECORD_CLOSING:
    case RECORD_STATES:
        break;
    }
    if (connection->progress.state != RECORD_COMMITTED)
        step_release_area(connection);
    return need;
}
