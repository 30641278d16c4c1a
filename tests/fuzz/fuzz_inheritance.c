/*
 * fuzz_inheritance.c - any record, taken from a mad worker by the supervisor
 * and handed to the next one: what the supervisor believed, that one believes
 * too; nothing stays behind, and the totals add up.
 *
 * The input is that of fuzz_record.c: a byte of choices, a record, and what
 * stands unread.
 */
#include "supervisor/connections.h"
#include "supervisor/deadlines.h"
#include "supervisor/dispatch.h"
#include "supervisor/equipment.h"
#include "supervisor/inheritance.h"
#include "supervisor/settlement.h"
#include "tests/fuzz/connected.h"
#include "worker/channel.h"
#include "worker/connection.h"
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define UNREAD_MOST 2048
#define BERTHS      2

static struct supervisor supervisor;
static int workers[BERTHS]; /* the other ends of their channels */

/* A supervisor that never turns: two places, and nobody forked for them. */
static void set_up(void)
{
    static char *words[] = { "supervisor",  "-l",
                             "127.0.0.1:0", "--log",
                             "/dev/null",   "--workers",
                             "2",           "--spares",
                             "0",           "--max-connections",
                             "4",           "--hand-over",
                             "connection",  "--max-kills",
                             "1",           NULL };
    static struct options options;
    int count = sizeof(words) / sizeof(*words) - 1;

    assert(options_read(&options, count, words, stdout, stderr) == OPTIONS_RUN);
    supervisor.options = &options;
    supervisor.signal_fd = supervisor.spawn.placeholder = -1;
    assert(equipment_open(&supervisor) == 0);
    deadlines_set(&supervisor);
    for (int i = 0; i < BERTHS; i++) {
        int ends[2];

        assert(channel_open(ends) == 0);
        supervisor.berths[i].channel = ends[0];
        workers[i] = ends[1];
    }
}

/* The connection goes to that worker, if it is to go to any.  Returns the
 * worker's own descriptor, or -1. */
static int hand_to(int number, struct channel_message *message)
{
    struct berth *berth = &supervisor.berths[number];
    int fd = -1;

    for (int i = 0; i < BERTHS; i++)
        supervisor.berths[i].state = i == number ? WORKER_READY : WORKER_ABSENT;
    dispatch(&supervisor);
    if (berth->in_hand > 0)
        assert(channel_receive(workers[number], message, &fd) == 1 && fd >= 0);
    return fd;
}

static void write_record(int number, uint32_t index, const uint8_t *bytes)
{
    memcpy((char *)&supervisor.berths[number].arena.records[index], bytes,
           sizeof(struct record));
}

static void take_back(int number, uint32_t index, unsigned choices)
{
    enum record_state state;
    struct held *held =
        inheritance_take(&supervisor, &supervisor.berths[number], index,
                         (choices & 14) == 14, &state);

    assert(supervisor.berths[number].in_hand == 0);
    if (!held)
        return;
    assert(state < RECORD_STATES);
    if (choices & 16)
        settlement_returned(&supervisor, held, state);
    else
        settlement_orphaned(&supervisor, held, state,
                            (enum retry_blame)(choices / 2 % 3));
}

/* The successor looks at what it was given. */
static void take_up(int fd, const struct channel_message *message)
{
    struct connection connection;
    struct record *record =
        &supervisor.berths[1].arena.records[message->record];

    assert(!connection_take_up(&connection, fd, record,
                               &supervisor.berths[1].arena, message->refusal));
}

static void end_all(void)
{
    for (uint32_t i = 0; i < supervisor.held_used; i++) {
        struct held *held = &supervisor.held[i];

        if (held->place == PLACE_LINGERING)
            connections_end_linger(&supervisor, held);
        else if (held->place == PLACE_HANDED)
            connections_drop(&supervisor, held, END_LOST);
        else if (held->place != PLACE_FREE) {
            connections_unlist(&supervisor, held);
            connections_drop(&supervisor, held, END_CLOSED);
        }
    }
    assert(supervisor.held_count == 0 && supervisor.lingering == 0);
    assert(supervisor.leftover_bytes == 0);
    assert(totals_balanced(&supervisor.totals, 0, 0));
    journal_flush(&supervisor.journal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct channel_message message;
    int ends[2], fd;

    if (size < 1 + sizeof(struct record) ||
        size > sizeof(struct record) + UNREAD_MOST)
        return 0;
    if (!supervisor.options)
        set_up();
    connected_pair(ends, data[0] & 1);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    size -= 1 + sizeof(struct record);
    connections_adopt(&supervisor, ends[0], data[0] & 1);
    fd = hand_to(0, &message);
    assert(fd >= 0);
    close(fd);
    write_record(0, message.record, data + 1);
    assert(size == 0 || send(ends[1], data + 1 + sizeof(struct record), size,
                             MSG_NOSIGNAL) == (ssize_t)size);
    take_back(0, message.record, data[0]);
    fd = hand_to(1, &message);
    if (fd >= 0) {
        take_up(fd, &message);
        close(fd);
        take_back(1, message.record, 0);
    }
    end_all();
    close(ends[1]);
    return 0;
}
