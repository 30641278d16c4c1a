/* SPDX-License-Identifier: MIT */
/* test_connection_end.c - the client sees the end of its connection although
 * other processes have duplicates of the descriptor. */
#include "supervisor/connections/connections.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/no_workers.h"
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#define ONE "--workers 1 --spares 0 --max-connections 4 --handoff connection"

static void connect_tcp(int *client, int *server)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t bytes = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    *client = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert(listener >= 0 && *client >= 0);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, bytes), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &bytes),
                     0);
    ck_assert_int_eq(connect(*client, (struct sockaddr *)&address, bytes), 0);
    *server = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    ck_assert_int_ge(*server, 0);
    close(listener);
}

static void connect_unix(int *client, int *server)
{
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    *client = ends[0];
    *server = ends[1];
}

/* Waits for EOF, or for the reset that unread bytes cause. */
static bool sees_end(int client)
{
    struct pollfd readable = { .fd = client, .events = POLLIN };
    char byte;
    ssize_t got;

    if (poll(&readable, 1, 1000) != 1)
        return false;
    got = recv(client, &byte, 1, MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno == ECONNRESET);
}

static const struct {
    bool is_tcp, lingers, sends;
} ends[] = {
    { true, false, false }, { true, true, false },   { true, false, true },
    { true, true, true },   { false, false, false }, { false, true, false },
    { false, false, true }, { false, true, true },
};

START_TEST(client_sees_the_end_although_another_process_has_a_duplicate)
{
    const struct sockaddr_storage peer = { .ss_family = AF_UNSPEC };
    struct no_workers no_workers;
    struct supervisor *supervisor = &no_workers.supervisor;
    int client, server, duplicate;

    no_workers_open(&no_workers, ONE);
    if (ends[_i].is_tcp)
        connect_tcp(&client, &server);
    else
        connect_unix(&client, &server);
    duplicate = dup(server);
    if (ends[_i].sends)
        ck_assert_int_eq(send(client, "GET", 3, MSG_NOSIGNAL), 3);
    connections_adopt(supervisor, server, ends[_i].is_tcp, &peer);
    if (ends[_i].lingers)
        connections_linger(supervisor, &supervisor->connections->table[0],
                           END_CLOSED);
    else
        connections_drop(supervisor, &supervisor->connections->table[0],
                         END_CLOSED);
    ck_assert(sees_end(client));
    close(duplicate);
    close(client);
    no_workers_close(&no_workers);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("connection end");

    tcase_add_loop_test(
        cases, client_sees_the_end_although_another_process_has_a_duplicate, 0,
        ROWS(ends));
    return run_suite("connection end", cases);
}
