/* SPDX-License-Identifier: MIT */
#include "tests/harness/supervisor/no_workers.h"
#include "supervisor/connections/connections.h"
#include "supervisor/handoff/dispatch.h"
#include "supervisor/lifecycle/inbox.h"
#include "supervisor/setup.h"
#include "worker/protocol/channel.h"
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void man(struct no_workers *no_workers, uint32_t index)
{
    struct supervisor *supervisor = &no_workers->supervisor;
    struct child *child = &supervisor->children[index];
    int ends[2];

    ck_assert_int_eq(channel_open(ends), 0);
    child->channel = ends[0];
    no_workers->channels[index] = ends[1];
    child->state = WORKER_READY;
    child->was_online = true;
    inbox_watch(supervisor, child);
}

void no_workers_open(struct no_workers *no_workers, const char *options)
{
    struct supervisor *supervisor = &no_workers->supervisor;
    char line[256];

    *no_workers = (struct no_workers){ .channels = { -1 } };
    snprintf(line, sizeof(line), "-l 127.0.0.1:0 --log /dev/null %s", options);
    no_workers->typed = type(line);
    ck_assert_int_eq(no_workers->typed.outcome, OPTIONS_RUN);
    supervisor->options = &no_workers->typed.options;
    supervisor->signal_fd = supervisor->refusal_fd = -1;
    supervisor->spawn.placeholder = -1;
    ck_assert_int_eq(setup_open(supervisor), 0);
    ck_assert_uint_le(supervisor->child_count, NO_WORKERS_MAX);
    for (uint32_t i = 0; i < supervisor->child_count; i++)
        man(no_workers, i);
}

static void end(struct supervisor *supervisor, struct held_connection *held)
{
    if (held->state == CONNECTION_HANDED)
        connection_enter(supervisor, held, CONNECTION_RECLAIMED);
    if (held->state == CONNECTION_LINGERING)
        connections_release(supervisor, held);
    else if (held->state != CONNECTION_FREE)
        connections_drop(supervisor, held, END_CLOSED);
}

void no_workers_close(struct no_workers *no_workers)
{
    struct supervisor *supervisor = &no_workers->supervisor;

    for (uint32_t i = 0; i < supervisor->connections->used; i++)
        end(supervisor, &supervisor->connections->table[i]);
    ck_assert_uint_eq(supervisor->connections->count, 0);
    ck_assert_uint_eq(supervisor->connections->saved_bytes, 0);
    ck_assert(totals_balanced(&supervisor->totals, 0, 0));
    for (uint32_t i = 0; i < supervisor->child_count; i++) {
        inbox_close(supervisor, &supervisor->children[i]);
        close(no_workers->channels[i]);
    }
    setup_close(supervisor);
    typed_free(&no_workers->typed);
}

struct held_connection *no_workers_hand(struct no_workers *no_workers,
                                        uint32_t child, int *peer)
{
    const struct sockaddr_storage unnamed = { .ss_family = AF_UNIX };
    struct supervisor *supervisor = &no_workers->supervisor;
    struct channel_message message;
    int ends[2], fd;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    connections_adopt(supervisor, ends[0], false, &unnamed);
    dispatch(supervisor);
    ck_assert_int_eq(
        channel_receive(no_workers->channels[child], &message, &fd), 1);
    close(fd);
    *peer = ends[1];
    return supervisor->children[child].connections[message.record];
}
