/* SPDX-License-Identifier: MIT */
/* test_crowds.c - a thousand clients that send slowly or do not read, and more
 * clients than the limit allows: other clients are served. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#define CROWD 1000

/* With --exit-after 1, a thousand responses take a thousand forks, which may
 * take long on a slow machine. */
#define PATIENT "--queue-timeout 60s"

/* ---- A thousand clients ---- */

struct crowd {
    struct http_client clients[CROWD];
    atomic_bool over;
};

static void gather(struct crowd *crowd, int port, bool narrow,
                   const char *request)
{
    for (size_t i = 0; i < CROWD; i++) {
        ck_assert_int_eq(narrow ? http_connect_narrow(&crowd->clients[i], port)
                                : http_connect(&crowd->clients[i], port),
                         HTTP_ANSWERED);
        http_expect_send(&crowd->clients[i], request);
    }
}

static void *trickle(void *argument)
{
    const struct timespec pause = { .tv_nsec = 200000000 };
    struct crowd *crowd = argument;

    while (!atomic_load(&crowd->over)) {
        for (size_t i = 0; i < CROWD; i++)
            if (!http_has_answer(&crowd->clients[i]))
                http_send(&crowd->clients[i], "a");
        nanosleep(&pause, NULL);
    }
    return NULL;
}

/* Sends requests on new connections, and then on one kept connection. */
static void serve_others(int port, int requests)
{
    struct http_client client;
    char target[32];

    for (int i = 0; i < requests; i++)
        http_expect_hello(port);
    http_expect_connect(&client, port);
    for (int i = 0; i < requests; i++) {
        snprintf(target, sizeof(target), "/?t=%d.", i);
        http_expect_page(&client, target, target + 2);
    }
    http_disconnect(&client);
}

START_TEST(slow_senders_are_ended_while_others_are_served)
{
    static struct crowd crowd;
    struct supervised supervised;
    const cJSON *totals;
    pthread_t thread;

    supervised_allow_descriptors(CROWD + 100);
    supervised_start(&supervised, "%s --header-timeout 2s " PATIENT, kinds[_i]);
    gather(&crowd, supervised.port, false,
           "GET / HTTP/1.1\r\nHost: t\r\nX-Endless: ");
    ck_assert_int_eq(pthread_create(&thread, NULL, trickle, &crowd), 0);
    serve_others(supervised.port, 100);
    for (size_t i = 0; i < CROWD; i++) {
        http_expect_answer(&crowd.clients[i], 408, "");
        if (i % 100 == 0)
            http_expect_hello(supervised.port);
    }
    atomic_store(&crowd.over, true);
    pthread_join(thread, NULL);
    for (size_t i = 0; i < CROWD; i++)
        http_disconnect(&crowd.clients[i]);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "requests.refused") == CROWD);
    ck_assert(event_number(totals, "requests.client_gone") == 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(clients_that_never_read_are_ended_while_others_are_served)
{
    static struct crowd crowd;
    struct supervised supervised;
    struct deadline deadline;
    const cJSON *totals;
    size_t descriptors;

    supervised_allow_descriptors(CROWD + 100);
    supervised_start(&supervised, "%s --idle-timeout 2s " PATIENT, kinds[_i]);
    supervised_await_online(&supervised, 3);
    descriptors = process_descriptors(supervised.pid);
    gather(&crowd, supervised.port, true,
           "GET /?size=300k HTTP/1.1\r\nHost: test\r\n\r\n");
    serve_others(supervised.port, 100);
    deadline = deadline_start();
    while (process_descriptors(supervised.pid) > descriptors + 10)
        ck_assert_msg(deadline_nap(deadline), "the connections are not closed");
    serve_others(supervised.port, 10);
    for (size_t i = 0; i < CROWD; i++)
        http_disconnect(&crowd.clients[i]);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    /* No client of the crowd has read its whole response. */
    ck_assert(event_number(totals, "requests.client_gone") == CROWD);
    ck_assert(supervised_answered(totals) == 220);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* ---- More connections than the limit ---- */

/* `capacity` connections are served; the others wait until some are closed. */
static void fill_up(struct supervised *supervised, int capacity)
{
    enum { WAITING = 10 };
    struct http_client held[64], waiting[WAITING];

    ck_assert_int_le(capacity, 64);
    for (int i = 0; i < capacity; i++) {
        http_expect_connect(&held[i], supervised->port);
        http_expect_page(&held[i], "/", "");
    }
    for (int i = 0; i < WAITING; i++) {
        http_expect_ask(&waiting[i], supervised->port,
                        "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    }
    event_log_await(&supervised->log, 1, "{'event':'accept-paused'}");
    /* Accepted connections are still served. */
    for (int i = 0; i < capacity; i++) {
        http_expect_page(&held[i], "/", "");
    }
    for (int i = 0; i < WAITING; i++)
        ck_assert(!http_has_answer(&waiting[i]));
    for (int i = 0; i < WAITING; i++) {
        http_disconnect(&held[i]);
        http_expect_answer(&waiting[i], 200, "");
    }
    for (int i = 0; i < WAITING; i++)
        http_disconnect(&waiting[i]);
    for (int i = WAITING; i < capacity; i++)
        http_disconnect(&held[i]);
}

START_TEST(accept_pauses_at_the_limit_and_this_is_logged_once)
{
    struct supervised supervised;

    supervised_start(&supervised, "%s --max-connections 20", kinds[_i]);
    fill_up(&supervised, 20);
    supervised_drain(&supervised);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'accept-paused'}"), 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* If the system allows fewer descriptors than --max-connections needs, the
 * supervisor lowers the limit, so that it can still fork workers. */
START_TEST(descriptor_limit_lowers_the_connection_limit)
{
    const struct rlimit few = { 120, 120 };
    struct supervised supervised;
    const cJSON *bound;

    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    supervised_start(&supervised, "%s --backoff none", kinds[_i]);
    bound = event_log_await(&supervised.log, 1, "{'event':'connection-limit'}");
    fill_up(&supervised, (int)event_number(bound, "connections"));
    ck_assert_uint_gt(supervised_kill_all(&supervised), 0);
    http_expect_hello(supervised.port);
    supervised_await_workers(&supervised, 3);
    supervised_drain(&supervised);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'accept-paused'}"), 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("crowds");

    tcase_add_loop_test(cases, slow_senders_are_ended_while_others_are_served,
                        0, KINDS_KEPT);
    tcase_add_loop_test(
        cases, clients_that_never_read_are_ended_while_others_are_served, 0,
        KINDS_KEPT);
    tcase_add_loop_test(cases,
                        accept_pauses_at_the_limit_and_this_is_logged_once, 0,
                        KINDS_KEPT);
    tcase_add_loop_test(cases, descriptor_limit_lowers_the_connection_limit, 0,
                        KINDS_KEPT);
    return suite_run(cases, "crowds");
}
