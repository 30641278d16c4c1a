/* SPDX-License-Identifier: MIT */
/* test_fault_injector.c - start and end of fault requests and bad clients. */
#include "chaos/trial/fault_injector.h"
#include "tests/harness/run_suite.h"
#include "worker/clock.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#define NAPS    20000 /* of 1 ms each: only reached on failure */
#define CLIENTS 3
#define LONG_US (1000 * 1000)

static struct client client;
static struct fault_injector fault_injector;
static struct ev_loop *loop;
static int listener;

static void setup(void)
{
    struct sockaddr_in *address = (void *)&client.address.sockaddr;
    socklen_t length = sizeof(*address);

    loop = client.loop = ev_loop_new(EVFLAG_AUTO);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)address, length), 0);
    ck_assert_int_eq(listen(listener, CLIENTS), 0);
    getsockname(listener, (struct sockaddr *)address, &length);
    client.address.sockaddr_length = length;
}

static void teardown(void)
{
    fault_injector_free(&fault_injector);
    ev_loop_destroy(loop);
    close(listener);
}

static void begin(const struct fault_options *options)
{
    fault_injector_begin(&fault_injector, options, &client);
    ev_run(loop, EVRUN_NOWAIT);
}

START_TEST(requests_ask_for_a_fault_between_start_and_end)
{
    const struct fault_options options = {
        .list = { { .kind = FAULT_REQUEST,
                    .share = 0.5,
                    .start_us = LONG_US,
                    .end_us = 2 * LONG_US } },
        .count = 1,
    };
    uint64_t before_us = clock_monotonic_us(), after_us;

    begin(&options);
    after_us = clock_monotonic_us();
    ck_assert(client_fault_share(&client, before_us + LONG_US - 1) == 0);
    ck_assert(client_fault_share(&client, after_us + LONG_US) == 0.5);
    ck_assert(client_fault_share(&client, before_us + 2 * LONG_US - 1) == 0.5);
    ck_assert(client_fault_share(&client, after_us + 2 * LONG_US) == 0);
    fault_injector_end(&fault_injector);
    ck_assert(client_fault_share(&client, after_us + LONG_US) == 0);
}
END_TEST

static int accept_one(void)
{
    int fd = -1;

    for (int i = 0; i < NAPS && fd < 0; i++) {
        ev_run(loop, EVRUN_NOWAIT);
        usleep(1000);
        fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    }
    return fd;
}

static bool is_closed(int fd)
{
    char byte;

    for (int i = 0; i < NAPS; i++) {
        ev_run(loop, EVRUN_NOWAIT);
        usleep(1000);
        if (recv(fd, &byte, 1, 0) == 0)
            return true;
    }
    return false;
}

START_TEST(bad_clients_connect_at_start_and_leave_at_end)
{
    const struct fault_options options = {
        .list = { { .kind = FAULT_CLIENTS,
                    .behaviour = CLIENT_SILENT,
                    .connections = CLIENTS,
                    .start_us = LONG_US,
                    .end_us = 3 * LONG_US } },
        .count = 1,
    };
    struct pollfd pending = { .fd = listener, .events = POLLIN };
    int fds[CLIENTS];

    begin(&options);
    ck_assert_int_eq(poll(&pending, 1, 0), 0);
    for (int i = 0; i < CLIENTS; i++)
        ck_assert_int_ge(fds[i] = accept_one(), 0);
    for (int i = 0; i < CLIENTS; i++) {
        ck_assert(is_closed(fds[i]));
        close(fds[i]);
    }
    fault_injector_end(&fault_injector);
    fault_injector_end(&fault_injector);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("fault_injector");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, requests_ask_for_a_fault_between_start_and_end);
    tcase_add_test(cases, bad_clients_connect_at_start_and_leave_at_end);
    return run_suite("fault_injector", cases);
}
