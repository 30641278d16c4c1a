/* SPDX-License-Identifier: MIT */
/* test_queue.c - connections that wait for a worker, and connections above the
 * limit. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>
#include <stdlib.h>
#include <time.h>

static const char *const handoffs[] = { "--handoff request",
                                        "--handoff connection" };

/* All workers die before they are online, so no worker ever responds. */
#define NO_WORKER "--workers 2 --faults --crash-at-start "

START_TEST(queue_timeout_is_answered_503_with_retry_after)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    const cJSON *totals;
    char *after;

    supervised_start(&supervised, NO_WORKER "--queue-timeout 200ms %s",
                     handoffs[_i]);
    http_expect_ask(&client, supervised.port,
                    "GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    http_expect(&client, 503, &answer);
    after = http_answer_header(&answer, "Retry-After");
    ck_assert_msg(after && atoi(after) > 0, "Retry-After: %s", after);
    free(after);
    ck_assert(!answer.keep_alive);
    http_answer_free(&answer);
    http_expect_close(&client);
    http_disconnect(&client);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.refused") == 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* The closed connections no longer count for --max-connections, so that a new
 * one is accepted and answered. */
START_TEST(connection_closed_without_a_request_leaves_the_queue)
{
    enum { CAPACITY = 4 };
    struct http_client clients[CAPACITY], client;
    struct supervised supervised;
    const cJSON *totals;

    supervised_start(&supervised,
                     NO_WORKER "--queue-timeout 200ms --max-connections %d %s",
                     CAPACITY, handoffs[_i]);
    for (int i = 0; i < CAPACITY; i++)
        http_expect_connect(&clients[i], supervised.port);
    event_log_await(&supervised.log, 1, "{'event':'accept-paused'}");
    for (int i = 1; i < CAPACITY; i++)
        http_disconnect(&clients[i]);
    http_expect_connect(&client, supervised.port);
    http_expect_send(&client, "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_answer(&client, 503, "");
    http_disconnect(&client);
    /* The connection that stayed open may still send a request. */
    http_expect_send(&clients[0], "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_answer(&clients[0], 503, "");
    http_disconnect(&clients[0]);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.closed") == CAPACITY - 1);
    ck_assert(event_number(totals, "connections.refused") == 2);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* close(2) with unread bytes sends a reset, which could destroy the response
 * before the client reads it. */
START_TEST(response_503_arrives_whole_after_a_large_request)
{
    static char body[60000];
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, NO_WORKER "--queue-timeout 200ms %s",
                     handoffs[_i]);
    http_expect_ask(&client, supervised.port,
                    "POST / HTTP/1.1\r\nHost: test\r\n"
                    "Content-Length: 60000\r\n\r\n");
    ck_assert_int_eq(http_send_bytes(&client, body, sizeof(body)),
                     HTTP_ANSWERED);
    http_expect_answer(&client, 503, "");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(connection_waits_until_a_worker_is_online)
{
    enum { WAITING = 20 };
    struct http_client clients[WAITING];
    struct deadline deadline = deadline_start();
    struct supervised supervised;

    /* Only a kill before the worker is online counts as a failure, so workers
     * start slowly. */
    supervised_start(&supervised,
                     "--workers 1 --spares 0 --exit-after 0 --backoff none "
                     "--restart-intensity 1/60s --healthy-after 60s "
                     "--on-crash-loop hold --queue-timeout 60m "
                     "--start-delay 500ms %s",
                     handoffs[_i]);
    while (!event_log_find(&supervised.log, 1, "{'event':'crash-loop'}")) {
        supervised_kill_all(&supervised);
        ck_assert(deadline_nap(deadline));
    }
    supervised_await_workers(&supervised, 0);
    for (int i = 0; i < WAITING; i++) {
        http_expect_ask(&clients[i], supervised.port,
                        "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    }
    supervised_signal(&supervised, SIGHUP);
    for (int i = 0; i < WAITING; i++) {
        http_expect_answer(&clients[i], 200, "");
        http_disconnect(&clients[i]);
    }
    supervised_finish(&supervised);
}
END_TEST

START_TEST(connections_above_the_limit_wait)
{
    struct supervised supervised;
    struct http_client held[4], waiting;

    supervised_start(&supervised, "--workers 2 --max-connections 4 %s",
                     handoffs[_i]);
    for (int i = 0; i < 4; i++) {
        http_expect_connect(&held[i], supervised.port);
        http_expect_page(&held[i], "/", "");
    }
    http_expect_ask(&waiting, supervised.port,
                    "GET /?t=fifth. HTTP/1.1\r\nHost: t\r\n\r\n");
    /* The four accepted connections are still served. */
    for (int i = 0; i < 4; i++) {
        http_expect_page(&held[i], "/", "");
    }
    ck_assert(!http_has_answer(&waiting));
    http_disconnect(&held[0]);
    http_expect_answer(&waiting, 200, "");
    http_disconnect(&waiting);
    for (int i = 1; i < 4; i++)
        http_disconnect(&held[i]);
    supervised_finish(&supervised);
}
END_TEST

/* Kills the worker after it has handled a request for longer than the queue
 * timeout.  On a stalled machine the response may come first. */
static void kill_handler_late(struct supervised *supervised)
{
    const struct timespec longer = { .tv_sec = 2, .tv_nsec = 300000000 };
    pid_t worker = http_expect_hello(supervised->port);
    struct http_client client;

    http_expect_ask(&client, supervised->port,
                    "GET /?sleep=3s&t=l. HTTP/1.1\r\nHost: t\r\n\r\n");
    nanosleep(&longer, NULL);
    ck_assert(supervised_kill(supervised, worker));
    http_expect_answer(&client, 200, "t=l.");
    http_disconnect(&client);
}

/* A request may be handled for longer than the queue timeout.  If its worker
 * then dies, it may still wait for the time that it has not spent in the
 * queue. */
START_TEST(handling_time_is_not_counted_as_time_in_the_queue)
{
    struct deadline deadline = deadline_start();
    struct supervised supervised;
    const cJSON *totals;
    double retried;

    do {
        ck_assert_msg(!deadline_passed(deadline), "no kill hits the handler");
        supervised_start(&supervised,
                         "--workers 1 --spares 0 --exit-after 0 "
                         "--queue-timeout 2s %s",
                         handoffs[_i]);
        kill_handler_late(&supervised);
        supervised_drain(&supervised);
        totals = supervised_totals(&supervised);
        retried = event_number(totals, "requests.answered_after_retry");
        supervised_finish_ended(&supervised, 0);
    } while (retried < 1);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("queue");

    tcase_add_loop_test(cases, queue_timeout_is_answered_503_with_retry_after,
                        0, 2);
    tcase_add_loop_test(cases, response_503_arrives_whole_after_a_large_request,
                        0, 2);
    tcase_add_loop_test(
        cases, connection_closed_without_a_request_leaves_the_queue, 0, 2);
    tcase_add_loop_test(cases, connection_waits_until_a_worker_is_online, 0, 2);
    tcase_add_loop_test(cases, connections_above_the_limit_wait, 0, 2);
    tcase_add_loop_test(
        cases, handling_time_is_not_counted_as_time_in_the_queue, 0, 2);
    return suite_run(cases, "queue");
}
