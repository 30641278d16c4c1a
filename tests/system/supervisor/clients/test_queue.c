/* SPDX-License-Identifier: MIT */
/* test_queue.c - connections while no worker is there, and when there are more
 * than may be held. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>
#include <stdlib.h>
#include <time.h>

static const char *const handoffs[] = { "--handoff request",
                                        "--handoff connection" };

/* All workers die before they are online, so nobody ever answers. */
#define NOBODY "--workers 2 --faults --crash-at-start "

START_TEST(after_the_queue_timeout_comes_503_with_retry_after)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    const cJSON *totals;
    char *after;

    supervised_start(&supervised, NOBODY "--queue-timeout 200ms %s",
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

/* Who has come and gone takes no room, and who comes then is told. */
START_TEST(who_asks_nothing_and_leaves_is_forgotten)
{
    enum { CAPACITY = 4 };
    struct http_client clients[CAPACITY], client;
    struct supervised supervised;
    const cJSON *totals;

    supervised_start(&supervised,
                     NOBODY "--queue-timeout 200ms --max-connections %d %s",
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
    /* Who has stayed may still ask. */
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

/* A refusal must not be eaten by the reset that a close with unread bytes
 * sends. */
START_TEST(a_503_arrives_whole_behind_a_large_request)
{
    static char body[60000];
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, NOBODY "--queue-timeout 200ms %s",
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

START_TEST(a_connection_waits_until_a_worker_is_there)
{
    enum { WAITING = 20 };
    struct http_client clients[WAITING];
    struct deadline deadline = deadline_start();
    struct supervised supervised;

    /* Only a worker that is killed before it is online has failed: each takes
     * longer to start than a kill takes to reach it. */
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

START_TEST(more_connections_than_allowed_wait_their_turn)
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
    /* The four are served all the same. */
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

/* A request may be in hand for longer than it may queue.  Its worker's death
 * then leaves it all the time it has not spent in the queue. */
START_TEST(the_time_in_a_workers_hands_is_no_time_in_the_queue)
{
    struct supervised supervised;
    struct http_client client;
    const struct timespec longer = { .tv_sec = 2, .tv_nsec = 300000000 };
    pid_t worker;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --exit-after 0 "
                     "--queue-timeout 2s %s",
                     handoffs[_i]);
    worker = http_expect_hello(supervised.port);
    http_expect_ask(&client, supervised.port,
                    "GET /?sleep=3s&t=l. HTTP/1.1\r\n"
                    "Host: t\r\n\r\n");
    nanosleep(&longer, NULL);
    ck_assert(supervised_kill(&supervised, worker));
    http_expect_answer(&client, 200, "t=l.");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("queue");

    tcase_add_loop_test(
        cases, after_the_queue_timeout_comes_503_with_retry_after, 0, 2);
    tcase_add_loop_test(cases, a_503_arrives_whole_behind_a_large_request, 0,
                        2);
    tcase_add_loop_test(cases, who_asks_nothing_and_leaves_is_forgotten, 0, 2);
    tcase_add_loop_test(cases, a_connection_waits_until_a_worker_is_there, 0,
                        2);
    tcase_add_loop_test(cases, more_connections_than_allowed_wait_their_turn, 0,
                        2);
    tcase_add_loop_test(
        cases, the_time_in_a_workers_hands_is_no_time_in_the_queue, 0, 2);
    return suite_run(cases, "queue");
}
