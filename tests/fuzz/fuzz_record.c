/* SPDX-License-Identifier: MIT */
/*
 * fuzz_record.c - fuzzes connection_resume() with records of a corrupt worker
 * on a real connection: a record is refused, or the worker can continue within
 * its bounds.  Each response consumes bytes of the receive queue, so no request
 * is executed twice.
 *
 * The input: a byte of choices, a record, and unread bytes.
 */
#include "tests/fuzz/connected.h"
#include "worker/http/peek.h"
#include "worker/http/quarantine.h"
#include "worker/http/response.h"
#include "worker/protocol/arena.h"
#include "worker/protocol/kernel_queue.h"
#include "worker/serve/connection.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define UNREAD_MAX 2048
#define TURNS_MAX  64

/* No valid request is shorter. */
#define REQUEST_BYTES_MIN 16

static size_t executed;

static enum handled say_hello(struct exchange *exchange, void *service)
{
    char *body;

    (void)service;
    executed++;
    worker_response_begin(exchange->response, 200, exchange->now);
    body = worker_response_body(exchange->response, 5);
    if (body)
        memcpy(body, "hello", 5);
    return HANDLED;
}

/* If record_check() accepts the record, the rest of its work is within bounds.
 */
static void check_bounds(const struct record *record,
                         const struct record_facts *facts)
{
    enum record_state state = record_load(record).state;

    if (record_check(record, facts))
        return;
    assert(state < RECORD_STATES && record->line_bytes <= RECORD_LINE_BYTES);
    if (state == RECORD_HANDLING)
        assert(record->request_bytes <= facts->unread_bytes);
    if (state != RECORD_COMMITTED)
        return;
    assert(record_unsent(record, facts) <= record->response_bytes);
    assert(record->response_bytes <= facts->response_capacity);
    assert(record_untaken(record, facts) <= record->request_bytes);
    assert(record_untaken(record, facts) <= facts->unread_bytes);
}

/* Advances once.  A request that ends leaves fewer bytes unread, except if its
 * response was committed before: the request may have been consumed already. */
static enum connection_need advance(struct connection *connection,
                                    const struct connection_setting *setting)
{
    struct record_progress before = connection->progress;
    uint64_t unread = kernel_queue_unread(connection->fd);
    enum connection_need need = connection_advance(connection, setting);
    struct record_progress after = connection->progress;

    if (before.state != RECORD_COMMITTED &&
        after.answered + after.refused != before.answered + before.refused)
        assert(kernel_queue_unread(connection->fd) < unread);
    return need;
}

static void resume(int fd, struct record *record, struct arena *arena,
                   unsigned refusal)
{
    static const struct quarantine none;
    struct connection_setting setting = { .limits = { 512, 512 },
                                          .handler = say_hello,
                                          .request_timeout_us = 1000000,
                                          .arena = arena,
                                          .quarantine = &none };
    struct peek_buffer peek = { .max = peek_capacity(&setting.limits) };
    struct connection connection;
    enum connection_need need = NEED_NOTHING;

    peek.bytes = malloc(peek.max);
    peek.capacity = peek.max;
    setting.peek = &peek;
    if (!connection_resume(&connection, fd, record, arena, refusal))
        for (int i = 0; i < TURNS_MAX && need == NEED_NOTHING; i++)
            need = advance(&connection, &setting);
    free(peek.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned refusals[] = { 0, 0, 0, 408, 500, 502 };
    static struct arena arena;
    struct record *record;
    struct record_facts facts;
    bool counted, dead;
    int ends[2];

    if (size < 1 + sizeof(*record) || size > sizeof(*record) + UNREAD_MAX)
        return 0;
    if (!arena.areas)
        assert(arena_create(&arena, 1, 1) == 0 &&
               arena_map_whole(&arena, arena.fd, 1, 1) == 0);
    connected_pair(ends, data[0] & 1);
    record = &arena.records[0];
    memcpy((char *)record, data + 1, sizeof(*record));
    size -= 1 + sizeof(*record);
    assert(size == 0 || send(ends[1], data + 1 + sizeof(*record), size,
                             MSG_NOSIGNAL) == (ssize_t)size);
    if (connection_facts(ends[0], record, &facts, &counted, &dead) == 0)
        check_bounds(record, &facts);
    executed = 0;
    resume(ends[0], record, &arena, refusals[data[0] / 2 % 6]);
    assert(executed * REQUEST_BYTES_MIN <= size);
    arena_release_all(&arena);
    close(ends[0]);
    close(ends[1]);
    return 0;
}
