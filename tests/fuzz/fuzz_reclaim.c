/* SPDX-License-Identifier: MIT */
/*
 * fuzz_reclaim.c - fuzzes the way of a record from a corrupt worker through the
 * supervisor to a sound worker.  If the supervisor accepts the record, so does
 * the sound worker, which starts at the kernel's counts; no request is executed
 * twice; the supervisor accepts the records of the sound worker; at the end no
 * connection is left and the totals add up.
 *
 * The input is that of fuzz_record.c: a byte of choices, a record, and unread
 * bytes.  The choices also select the transfer on a Unix socket that is in
 * progress.
 */
#include "supervisor/connections/connections.h"
#include "supervisor/handoff/dispatch.h"
#include "supervisor/handoff/reclaim.h"
#include "supervisor/handoff/recovery.h"
#include "supervisor/log/journal.h"
#include "supervisor/setup.h"
#include "tests/fuzz/connected.h"
#include "worker/http/response.h"
#include "worker/protocol/channel.h"
#include "worker/protocol/kernel_queue.h"
#include "worker/serve/connection.h"
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define UNREAD_MAX  2048
#define CHILDREN    2
#define ROUNDS_MAX  8
#define TURNS_MAX   16
#define LIMIT_BYTES 512

/* No valid request is shorter. */
#define REQUEST_BYTES_MIN 16

static struct supervisor supervisor;
static int workers[CHILDREN]; /* the workers' ends of the channels */
static struct arena sound;    /* child 1's arena, mapped like in its worker */
static size_t executed;

/* A supervisor without a running loop, with two children that are never
 * forked. */
static void set_up(void)
{
    static char *words[] = { "supervisor",  "-l",
                             "127.0.0.1:0", "--log",
                             "/dev/null",   "--workers",
                             "2",           "--spares",
                             "0",           "--max-connections",
                             "4",           "--handoff",
                             "connection",  "--max-kills",
                             "1",           NULL };
    static struct options options;
    int count = sizeof(words) / sizeof(*words) - 1;

    assert(options_read(&options, count, words, stdout, stderr) == OPTIONS_RUN);
    supervisor.options = &options;
    supervisor.signal_fd = supervisor.spawn.placeholder = -1;
    assert(setup_open(&supervisor) == 0);
    for (int i = 0; i < CHILDREN; i++) {
        int ends[2];

        assert(channel_open(ends) == 0);
        supervisor.children[i].channel = ends[0];
        workers[i] = ends[1];
    }
    assert(arena_map_whole(&sound, dup(supervisor.children[1].arena.fd),
                           supervisor.children[1].arena.capacity,
                           supervisor.children[1].arena.area_count) == 0);
}

/* Lets the supervisor dispatch the connection to worker `number`.  Returns the
 * worker's descriptor, or -1 if the supervisor dispatches nothing. */
static int hand_to(int number, struct channel_message *message)
{
    struct child *child = &supervisor.children[number];
    int fd = -1;

    for (int i = 0; i < CHILDREN; i++)
        supervisor.children[i].state =
            i == number ? WORKER_READY : WORKER_ABSENT;
    dispatch(&supervisor);
    if (child->connection_count > 0)
        assert(channel_receive(workers[number], message, &fd) == 1 && fd >= 0);
    return fd;
}

static void write_record(int number, uint32_t index, const uint8_t *bytes)
{
    memcpy((char *)&supervisor.children[number].arena.records[index], bytes,
           sizeof(struct record));
}

/* Writes a transfer that is in progress for that record or for none. */
static void write_transfer(int number, uint32_t index, unsigned choices)
{
    struct transfer *transfer =
        &supervisor.children[number].arena.head->transfer;
    const struct record *record =
        &supervisor.children[number].arena.records[index];

    *transfer = (struct transfer){
        .owner = choices & 32 ? index + 1 : 0,
        .kind = choices & 64 ? TRANSFER_TAKE : TRANSFER_SEND,
        .before_bytes = choices & 64 ? record->taken_bytes : record->sent_bytes,
        .messages = { { .msg_len = choices & 128 ? 0 : UINT32_MAX },
                      { .msg_len = (uint32_t)record->line_hash } },
    };
}

/* Returns whether the supervisor accepted the record. */
static bool take_back(int number, uint32_t index, unsigned choices)
{
    enum record_state state;
    struct held_connection *held =
        reclaim_take(&supervisor, &supervisor.children[number], index,
                     (choices & 14) == 14, &state);

    assert(supervisor.children[number].connection_count == 0);
    if (!held)
        return false;
    assert(state < RECORD_STATES);
    if (choices & 16)
        recovery_returned(&supervisor, held, state);
    else
        recovery_orphaned(&supervisor, held, state,
                          (enum retry_blame)(choices / 2 % 3));
    return true;
}

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

static void expect_kernel_counts(const struct connection *connection)
{
    struct kernel_queue queue;

    if (!connection->counted)
        return;
    assert(kernel_queue_read(connection->fd, &queue) == 0);
    assert(connection->consumed_bytes == queue.consumed_bytes);
    assert(connection->written_bytes == queue.written_bytes);
}

/* The sound worker resumes the connection and serves it as far as possible. */
static void serve(int fd, const struct channel_message *message)
{
    static const struct quarantine none;
    static struct peek_buffer peek;
    struct connection_setting setting = { .limits = { LIMIT_BYTES,
                                                      LIMIT_BYTES },
                                          .handler = say_hello,
                                          .request_timeout_us = 1000000,
                                          .arena = &sound,
                                          .quarantine = &none,
                                          .peek = &peek };
    struct connection connection;
    enum connection_need need = NEED_NOTHING;

    peek.max = peek_capacity(&setting.limits);
    peek.capacity = peek.max;
    if (!peek.bytes)
        peek.bytes = malloc(peek.max);
    assert(!connection_resume(&connection, fd, &sound.records[message->record],
                              &sound, message->serve.refusal));
    expect_kernel_counts(&connection);
    for (int i = 0; i < TURNS_MAX && need == NEED_NOTHING; i++)
        need = connection_advance(&connection, &setting);
}

/* Sound workers serve the connection, one after the other.  The supervisor may
 * refuse their records only if the corrupt worker committed a response, which
 * need not belong to the unread bytes. */
static void serve_all(size_t unread_bytes, bool committed)
{
    struct channel_message message;
    int fd;

    executed = 0;
    for (int i = 0; i < ROUNDS_MAX; i++) {
        fd = hand_to(1, &message);
        if (fd < 0)
            break;
        serve(fd, &message);
        close(fd);
        if (!take_back(1, message.record, 16))
            assert(committed);
    }
    assert(executed * REQUEST_BYTES_MIN <= unread_bytes);
}

static void end_all(void)
{
    for (uint32_t i = 0; i < supervisor.connections->used; i++) {
        struct held_connection *held = &supervisor.connections->table[i];

        if (held->state == CONNECTION_LINGERING)
            connections_release(&supervisor, held);
        else if (held->state != CONNECTION_FREE)
            connections_drop(&supervisor, held, END_CLOSED);
    }
    assert(supervisor.connections->count == 0 &&
           supervisor.connections->lingering == 0);
    assert(supervisor.connections->saved_bytes == 0);
    assert(totals_balanced(&supervisor.totals, 0, 0));
    journal_flush(supervisor.journal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct sockaddr_storage unnamed = { .ss_family = AF_UNSPEC };
    struct channel_message message;
    bool committed;
    int ends[2], fd;

    if (size < 1 + sizeof(struct record) ||
        size > sizeof(struct record) + UNREAD_MAX)
        return 0;
    if (!supervisor.options)
        set_up();
    connected_pair(ends, data[0] & 1);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    size -= 1 + sizeof(struct record);
    connections_adopt(&supervisor, ends[0], data[0] & 1, &unnamed);
    fd = hand_to(0, &message);
    assert(fd >= 0);
    close(fd);
    write_record(0, message.record, data + 1);
    write_transfer(0, message.record, data[0]);
    assert(size == 0 || send(ends[1], data + 1 + sizeof(struct record), size,
                             MSG_NOSIGNAL) == (ssize_t)size);
    committed =
        record_load(&supervisor.children[0].arena.records[message.record])
            .state == RECORD_COMMITTED;
    take_back(0, message.record, data[0]);
    serve_all(size, committed);
    end_all();
    close(ends[1]);
    return 0;
}
