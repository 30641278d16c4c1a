/*
 * connection.c - the seven steps.
 *
 * Read it with one question: what if the process dies right here?  Each store
 * to the record comes before the deed it announces, and the kernel counts the
 * deed.
 */
#include "worker/connection.h"
#include "worker/arena.h"
#include "worker/kernel_queue.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

size_t connection_peek_room(const struct request_limits *limits)
{
    return limits->header_bytes + 2 * limits->body_bytes + 1;
}

/* The only place where a record changes its state. */
static void mark(struct connection *connection, enum record_state state)
{
    struct record *record = connection->record;

    connection->progress.state = state;
    record_store(record, connection->progress);
    if (state == RECORD_EMPTY) {
        /* For the supervisor, if we live to give the connection back. */
        record->flags = 0;
        record->request_start = connection->consumed_bytes;
        record->response_start = connection->written_bytes;
    }
}

int connection_facts(int fd, const struct record *record,
                     struct record_facts *facts, bool *counted, bool *dead)
{
    struct kernel_queue queue;

    *counted = kernel_queue_read(fd, &queue) == 0;
    *dead = *counted && queue.dead;
    if (*counted)
        *facts = (struct record_facts){
            .consumed_bytes = queue.consumed_bytes,
            .unread_bytes = queue.unread_bytes,
            .written_bytes = queue.written_bytes,
        };
    else if (errno == EOPNOTSUPP)
        *facts = record_own_facts(record, kernel_queue_unread(fd));
    else
        return -1;
    facts->response_room = ARENA_RESPONSE_BYTES;
    return 0;
}

const char *connection_take_up(struct connection *connection, int fd,
                               struct record *record, char *area,
                               unsigned refusal)
{
    struct record_facts facts;
    bool dead;

    *connection = (struct connection){ .fd = fd,
                                       .record = record,
                                       .area = area,
                                       .progress = record_load(record),
                                       .refusal = refusal };
    if (connection->progress.state == RECORD_EMPTY &&
        record->flags & RECORD_KNOWN) {
        connection->counted = true;
        connection->consumed_bytes = record->request_start;
        connection->written_bytes = record->response_start;
        return NULL;
    }
    if (connection_facts(fd, record, &facts, &connection->counted, &dead) < 0)
        return "the system knows nothing of the connection";
    connection->consumed_bytes = facts.consumed_bytes;
    connection->written_bytes = facts.written_bytes;
    /* Only an EMPTY record promises that the mark stands at 1. */
    connection->low_water_raised = connection->progress.state != RECORD_EMPTY;
    if (dead) {
        mark(connection, RECORD_CLOSING);
        return NULL;
    }
    return record_check(record, &facts);
}

/* The bytes in the queue, which stay there; 0 at the end of the stream, or -1
 * with errno. */
static ssize_t peek(const struct connection *connection,
                    const struct connection_setting *setting)
{
    struct peek_buffer *buffer = setting->peek;
    ssize_t bytes = recv(connection->fd, buffer->bytes, buffer->room,
                         MSG_PEEK | MSG_DONTWAIT);
    char *larger;

    if (bytes < (ssize_t)buffer->room || buffer->room == buffer->most)
        return bytes;
    larger = malloc(buffer->most);
    if (!larger)
        return -1;
    buffer->bytes = larger;
    buffer->room = buffer->most;
    return recv(connection->fd, buffer->bytes, buffer->room,
                MSG_PEEK | MSG_DONTWAIT);
}

/* SO_RCVLOWAT keeps a half-received request from waking the loop again and
 * again; a FIN wakes it all the same (tcp(7), socket(7)). */
static void set_low_water(struct connection *connection, int bytes)
{
    setsockopt(connection->fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof(bytes));
    connection->low_water_raised = bytes > 1;
}

static uint64_t monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* ---- Step 7, step 6, step 5: the way out ---- */

void connection_abandon(struct connection *connection)
{
    mark(connection, RECORD_CLOSING);
}

static enum connection_need close_it(struct connection *connection)
{
    connection_abandon(connection);
    return NEED_CLOSE;
}

static enum connection_need finish(struct connection *connection)
{
    struct record *record = connection->record;
    bool ends = record->flags & RECORD_ENDS;

    if (record->flags & RECORD_INTERIM) {
        mark(connection, RECORD_PARSING);
        return NEED_NOTHING;
    }
    if (connection->low_water_raised)
        set_low_water(connection, 1);
    if (record->status < 400)
        connection->progress.answered++;
    else
        connection->progress.refused++;
    connection->handling_since_us = 0;
    connection->refusal = 0;
    connection->told = false;
    connection->fault.kind = FAULT_NONE;
    mark(connection, ends ? RECORD_CLOSING : RECORD_EMPTY);
    if (!ends)
        return connection->drained ? NEED_REQUEST : NEED_NOTHING;
    /* The close itself is the supervisor's, but the client need not wait. */
    shutdown(connection->fd, SHUT_WR);
    return NEED_CLOSE;
}

/* On TCP, MSG_TRUNC discards without copying (tcp(7)); elsewhere it does not.
 */
static ssize_t discard(const struct connection *connection,
                       const struct connection_setting *setting, size_t bytes)
{
    if (connection->counted)
        return recv(connection->fd, NULL, bytes, MSG_TRUNC | MSG_DONTWAIT);
    return recv(connection->fd, setting->peek->bytes,
                bytes < setting->peek->room ? bytes : setting->peek->room,
                MSG_DONTWAIT);
}

static enum connection_need take_out(struct connection *connection,
                                     const struct connection_setting *setting)
{
    struct record *record = connection->record;
    uint64_t end = record->request_start + record->request_bytes;

    while (connection->consumed_bytes < end) {
        ssize_t taken = discard(connection, setting,
                                (size_t)(end - connection->consumed_bytes));

        if (taken < 0 && errno == EINTR)
            continue;
        /* The bytes were there when they were peeked: only a reset takes them
         * away. */
        if (taken <= 0)
            return close_it(connection);
        connection->consumed_bytes += (uint64_t)taken;
        record->taken_bytes += (uint32_t)taken;
    }
    fault_reach(&connection->fault, STEP_CONSUMED, setting->arena);
    return finish(connection);
}

/* All of what is left; or, where a fault is to strike between, half of it. */
static size_t piece(const struct connection *connection, size_t left)
{
    bool halves = connection->fault.kind != FAULT_NONE &&
                  connection->fault.step == STEP_HALF_SENT &&
                  left == connection->record->response_bytes;

    return halves ? (left + 1) / 2 : left;
}

static enum connection_need send_rest(struct connection *connection,
                                      const struct connection_setting *setting)
{
    struct record *record = connection->record;
    uint64_t end = record->response_start + record->response_bytes;

    while (connection->written_bytes < end) {
        size_t offset =
            (size_t)(connection->written_bytes - record->response_start);
        ssize_t sent = send(connection->fd, connection->area + offset,
                            piece(connection, record->response_bytes - offset),
                            MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 &&
            (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM))
            return NEED_WRITABLE;
        if (sent < 0)
            return close_it(connection);
        connection->written_bytes += (uint64_t)sent;
        record->sent_bytes += (uint32_t)sent;
        fault_reach(&connection->fault, STEP_HALF_SENT, setting->arena);
    }
    fault_reach(&connection->fault, STEP_SENT, setting->arena);
    return take_out(connection, setting);
}

/* ---- Step 4: the point of no return ---- */

static enum connection_need commit(struct connection *connection,
                                   const struct connection_setting *setting,
                                   const struct response *response)
{
    struct record *record = connection->record;

    record->response_start = connection->written_bytes;
    record->sent_bytes = 0;
    record->response_bytes = (uint32_t)response->bytes;
    record->status = (uint16_t)response->status;
    if (response->ends)
        record->flags |= RECORD_ENDS;
    mark(connection, RECORD_COMMITTED);
    fault_reach(&connection->fault, STEP_COMMITTED, setting->arena);
    return send_rest(connection, setting);
}

/* ---- Step 3: the response ---- */

static const char *refusal_text(unsigned status)
{
    switch (status) {
    case 408:
        return "the request did not come in time";
    case 500:
        return "this request has ended too many workers, or took too long";
    case 502:
        return "the worker died with this request in hand, and it may not be "
               "repeated";
    case 503:
        return "this request has ended workers lately";
    default:
        return "the request cannot be served";
    }
}

/* Asks the handler; true once the response is there. */
static bool ask(struct connection *connection,
                const struct connection_setting *setting,
                struct exchange *exchange, enum connection_need *need)
{
    switch (setting->handler(exchange, setting->service)) {
    case HANDLE_LATER:
        connection->again_us = exchange->again_us;
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

static enum connection_need answer(struct connection *connection,
                                   const struct connection_setting *setting,
                                   const struct request *request)
{
    struct response response;
    struct exchange exchange = { .request = request,
                                 .response = &response,
                                 .worker = &setting->identity,
                                 .now = time(NULL),
                                 .faults_allowed = setting->faults_allowed,
                                 .counted = connection->told,
                                 .count = connection->count };
    uint64_t now_us = monotonic_us();
    enum connection_need need;

    response_open(&response, connection->area, ARENA_RESPONSE_BYTES, request,
                  setting->last);
    if (!connection->handling_since_us)
        connection->handling_since_us = now_us;
    exchange.waited_us = now_us - connection->handling_since_us;
    if (exchange.waited_us > setting->request_timeout_us)
        connection->refusal = 500;
    if (connection->refusal)
        response_refuse(&response, connection->refusal,
                        refusal_text(connection->refusal), exchange.now);
    else if (!ask(connection, setting, &exchange, &need))
        return need;
    if (response.bytes == 0)
        response_refuse(&response, 500, "the handler gave no whole response",
                        exchange.now);
    return commit(connection, setting, &response);
}

/* ---- Steps 1 and 2: the way in ---- */

static uint64_t hash_of(struct slice line)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < line.bytes; i++)
        hash = (hash ^ (unsigned char)line.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Describes the request in the record, for whoever comes after us.  The state
 * that gives it meaning is still to be stored. */
static void describe(struct connection *connection,
                     const struct connection_setting *setting,
                     size_t request_bytes, bool repeatable)
{
    struct record *record = connection->record;
    struct slice line = { setting->peek->bytes, 0 };
    size_t left = request_bytes;

    /* Empty lines before a request are skipped (RFC 9112 section 2.2). */
    while (left > 0 && (*line.at == '\r' || *line.at == '\n')) {
        line.at++;
        left--;
    }
    while (line.bytes < left && line.at[line.bytes] != '\r' &&
           line.at[line.bytes] != '\n')
        line.bytes++;
    record->request_start = connection->consumed_bytes;
    record->taken_bytes = 0;
    record->request_bytes = (uint32_t)request_bytes;
    record->flags = repeatable ? RECORD_REPEATABLE : 0;
    record->line_hash = hash_of(line);
    record->line_bytes =
        (uint8_t)(line.bytes < RECORD_LINE_BYTES ? line.bytes
                                                 : RECORD_LINE_BYTES);
    memcpy(record->line, line.at, record->line_bytes);
}

/* What can't be understood is answered and ends the connection: nobody knows
 * where the next request would start.  Its bytes are taken out as far as they
 * have come, so that the close doesn't reset the answer away. */
static enum connection_need refuse(struct connection *connection,
                                   const struct connection_setting *setting,
                                   size_t bytes, unsigned status,
                                   const char *text, bool is_head)
{
    static const struct request unknown = { .keep_alive = false };
    struct response response;

    describe(connection, setting, bytes, false);
    response_open(&response, connection->area, ARENA_RESPONSE_BYTES, &unknown,
                  true);
    response.is_head = is_head;
    response_refuse(&response, status, text, time(NULL));
    connection->progress.begun++;
    return commit(connection, setting, &response);
}

/* RFC 9110 section 10.1.1, through the same commit as any other response: a
 * response to no bytes. */
static enum connection_need
say_continue(struct connection *connection,
             const struct connection_setting *setting)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct response interim = { .bytes = sizeof(text) - 1, .status = 100 };

    /* In PARSING the flag that is set here would mean that it has been said. */
    mark(connection, RECORD_EMPTY);
    connection->low_water_raised = true;
    describe(connection, setting, 0, false);
    connection->record->flags = RECORD_INTERIM | RECORD_CONTINUED;
    memcpy(connection->area, text, sizeof(text) - 1);
    return commit(connection, setting, &interim);
}

static bool peer_has_closed(int fd)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLRDHUP };

    return poll(&poll_fd, 1, 0) == 1 &&
           poll_fd.revents & (POLLRDHUP | POLLHUP | POLLERR);
}

/* A peek stops at an urgent byte (tcp(7), MSG_OOB), and so would every other,
 * without end. */
static bool is_urgent(const struct connection *connection,
                      const struct connection_setting *setting, size_t bytes)
{
    return kernel_queue_unread(connection->fd) > bytes &&
           peek(connection, setting) == (ssize_t)bytes;
}

static enum connection_need wait_for_more(struct connection *connection,
                                          size_t bytes)
{
    /* The mark first: bytes or a FIN that come after the look at the peer then
     * wake whoever waits. */
    set_low_water(connection, (int)bytes + 1);
    if (peer_has_closed(connection->fd))
        return close_it(connection);
    return NEED_MORE;
}

static enum connection_need look(struct connection *connection,
                                 const struct connection_setting *setting)
{
    struct request request;
    unsigned status;
    ssize_t bytes;

    mark(connection, RECORD_PARSING);
    bytes = peek(connection, setting);
    if (bytes < 0 && (errno == EAGAIN || errno == EINTR)) {
        mark(connection, RECORD_EMPTY);
        return NEED_REQUEST;
    }
    if (bytes <= 0)
        return close_it(connection);
    if (connection->refusal)
        return refuse(connection, setting, (size_t)bytes, connection->refusal,
                      refusal_text(connection->refusal), false);
    switch (request_read(&request, setting->peek->bytes, (size_t)bytes,
                         &setting->limits, &status)) {
    case REQUEST_PARTIAL:
        if (request.wants_continue &&
            !(connection->record->flags & RECORD_CONTINUED))
            return say_continue(connection, setting);
        if (is_urgent(connection, setting, (size_t)bytes))
            return refuse(connection, setting, (size_t)bytes, 400,
                          "urgent bytes are not HTTP", false);
        return wait_for_more(connection, (size_t)bytes);
    case REQUEST_BAD:
        return refuse(connection, setting, (size_t)bytes, status,
                      "not a request that is served here", request.is_head);
    case REQUEST_WHOLE:
        break;
    }
    connection->drained = (size_t)bytes == request.wire_bytes;
    if (setting->faults_allowed)
        fault_read(&request, &connection->fault);
    fault_reach(&connection->fault, STEP_PARSING, setting->arena);
    describe(connection, setting, request.wire_bytes, request.repeatable);
    if (quarantine_holds(setting->quarantine, connection->record->line_hash,
                         monotonic_us()))
        connection->refusal = 503;
    connection->progress.begun++;
    mark(connection, RECORD_HANDLING);
    if (!connection->refusal)
        fault_reach(&connection->fault, STEP_HANDLING, setting->arena);
    return answer(connection, setting, &request);
}

/* The handler is to be asked again, by us or in a dead worker's stead: the
 * request is still in the queue. */
static enum connection_need ask_again(struct connection *connection,
                                      const struct connection_setting *setting)
{
    struct request request;
    unsigned status;
    ssize_t bytes = peek(connection, setting);

    if (bytes < 0 && (errno == EINTR || errno == EAGAIN))
        bytes = 0;
    if (bytes <= 0 ||
        request_read(&request, setting->peek->bytes, (size_t)bytes,
                     &setting->limits, &status) != REQUEST_WHOLE ||
        request.wire_bytes != connection->record->request_bytes)
        return close_it(connection);
    connection->drained = (size_t)bytes == request.wire_bytes;
    if (setting->faults_allowed && connection->handling_since_us == 0 &&
        !connection->refusal) {
        fault_read(&request, &connection->fault);
        fault_reach(&connection->fault, STEP_HANDLING, setting->arena);
    }
    return answer(connection, setting, &request);
}

enum connection_need
connection_advance(struct connection *connection,
                   const struct connection_setting *setting)
{
    switch (connection->progress.state) {
    case RECORD_EMPTY:
    case RECORD_PARSING:
        return look(connection, setting);
    case RECORD_HANDLING:
        return ask_again(connection, setting);
    case RECORD_COMMITTED:
        return send_rest(connection, setting);
    case RECORD_CLOSING:
    case RECORD_STATES:
        break;
    }
    return NEED_CLOSE;
}
