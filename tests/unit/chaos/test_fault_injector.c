/* SPDX-License-Identifier: MIT */
/* test_fault_injector.c - start and end of fault requests and bad clients. */
#include "chaos/trial/fault_injector.h"
#include "tests/harness/run_suite.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#define NAPS     20000 /* of 1 ms each: only reached on failure */
#define CLIENTS  3
#define SOON_US  (50 * 1000)
#define NEVER_US (UINT64_C(3600) * 1000000)

static struct client client;
static struct fault_injector fault_injector;
static struct ev_loop *loop;
static int listener;

static void setup(void)
{
    struct sockaddr_in *address = (void *)&client.address.sockaddr;
    socklen_t length = sizeof(*address);

    loop = ev_loop_new(EVFLAG_AUTO);
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

static void begin(const struct fault_injector_options *options)
{
    fault_injector_begin(&fault_injector, loop, options, &client, NULL, NULL);
    ev_run(loop, EVRUN_NOWAIT);
}

static bool share_is(double share)
{
    for (int i = 0; i < NAPS && client.fault_request_share != share; i++) {
        ev_run(loop, EVRUN_NOWAIT);
        usleep(1000);
    }
    return client.fault_request_share == share;
}

START_TEST(requests_ask_for_no_fault_before_the_start)
{
    const struct fault_injector_options options = { .fault_request_share = 0.5,
                                                    .fault_request_start_us =
                                                        NEVER_US };

    begin(&options);
    ck_assert(client.fault_request_share == 0);
}
END_TEST

START_TEST(requests_ask_for_a_fault_from_the_start)
{
    const struct fault_injector_options options = { .fault_request_share = 0.5,
                                                    .fault_request_start_us =
                                                        SOON_US,
                                                    .fault_request_end_us =
                                                        NEVER_US };

    begin(&options);
    ck_assert(share_is(0.5));
}
END_TEST

START_TEST(requests_ask_for_a_fault_until_the_end)
{
    const struct fault_injector_options options = { .fault_request_share = 0.5,
                                                    .fault_request_end_us =
                                                        SOON_US };

    fault_injector_begin(&fault_injector, loop, &options, &client, NULL, NULL);
    ck_assert(client.fault_request_share == 0.5);
    ck_assert(share_is(0));
}
END_TEST

START_TEST(requests_without_times_ask_during_the_whole_phase)
{
    const struct fault_injector_options options = { .fault_request_share =
                                                        0.5 };

    begin(&options);
    ck_assert(client.fault_request_share == 0.5);
    fault_injector_end(&fault_injector);
    ck_assert(client.fault_request_share == 0);
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

static struct fault_injector_options silent_clients(uint64_t from_us,
                                                    uint64_t until_us)
{
    return (struct fault_injector_options){
        .bad_clients = { { .behaviour = CLIENT_SILENT,
                           .connections = CLIENTS,
                           .from_us = from_us,
                           .until_us = until_us } },
        .bad_clients_count = 1,
    };
}

START_TEST(bad_clients_do_not_connect_before_the_start)
{
    const struct fault_injector_options options =
        silent_clients(NEVER_US, 2 * NEVER_US);
    struct pollfd pending = { .fd = listener, .events = POLLIN };

    begin(&options);
    ck_assert_int_eq(poll(&pending, 1, 0), 0);
}
END_TEST

/* The backlog of the listener keeps connections that are closed early. */
START_TEST(bad_clients_connect_at_start_and_leave_at_end)
{
    const struct fault_injector_options options =
        silent_clients(SOON_US, 4 * SOON_US);
    int fds[CLIENTS];

    begin(&options);
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
    tcase_add_test(cases, requests_ask_for_no_fault_before_the_start);
    tcase_add_test(cases, requests_ask_for_a_fault_from_the_start);
    tcase_add_test(cases, requests_ask_for_a_fault_until_the_end);
    tcase_add_test(cases, requests_without_times_ask_during_the_whole_phase);
    tcase_add_test(cases, bad_clients_do_not_connect_before_the_start);
    tcase_add_test(cases, bad_clients_connect_at_start_and_leave_at_end);
    return run_suite("fault_injector", cases);
}
