/* SPDX-License-Identifier: MIT */
/* test_handoff.c - single connections whose worker dies. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>
#include <string.h>

/* Kills all workers repeatedly, until `hits` workers have died while they
 * handled a request. */
static void kill_while_handling(struct supervised *supervised, size_t hits)
{
    struct deadline deadline = deadline_start();

    while (event_log_count(
               &supervised->log,
               "{'event':'exit','signal':'SIGKILL','unfinished':1}") < hits) {
        supervised_kill_all(supervised);
        for (int pause_ms = 0; pause_ms < 20; pause_ms++)
            ck_assert_msg(deadline_nap(deadline), "no kill hits the request");
    }
}

/* Kills all workers and waits until the exit of each is logged. */
static void kill_all(struct supervised *supervised)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];
    size_t count = supervised_workers(supervised, workers), killed = 0;

    for (size_t i = 0; i < count; i++)
        killed += supervised_kill(supervised, workers[i]);
    /* One worker may have exited by itself after its response. */
    ck_assert_uint_ge(killed + 1, count);
    for (size_t i = 0; i < count; i++)
        event_log_await(&supervised->log, 1, "{'event':'exit','pid':%d}",
                        (int)workers[i]);
}

/* With connection handoff, too, the worker gives the connection back while the
 * client reads nothing.  So each kill finds it with the supervisor, or with a
 * worker that sends. */
START_TEST(large_response_to_a_slow_reader_survives_many_kills)
{
    struct supervised supervised;
    struct http_client slow;
    struct http_answer answer;

    supervised_start(&supervised, "--workers 2 --spares 2 %s", handoffs[_i]);
    ck_assert_int_eq(http_connect_narrow(&slow, supervised.port),
                     HTTP_ANSWERED);
    http_expect_send(&slow, "GET /?t=whole.&size=200k HTTP/1.1\r\n"
                            "Host: test\r\n\r\n");
    for (size_t bytes = 1; bytes < 200 * 1024; bytes += 20 * 1024) {
        http_expect_ahead(&slow, bytes);
        kill_all(&supervised);
    }
    http_expect(&slow, 200, &answer);
    ck_assert_uint_eq(answer.body_bytes, 200 * 1024);
    http_expect_filling(&answer);
    http_answer_free(&answer);
    http_expect_page(&slow, "/?t=next.", "t=next.");
    http_disconnect(&slow);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(get_is_answered_by_the_third_worker_after_two_kills)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 1 %s", handoffs[_i]);
    http_expect_ask(&client, supervised.port,
                    "GET /?t=third.&sleep=500ms HTTP/1.1\r\nHost: t\r\n\r\n");
    kill_while_handling(&supervised, 2);
    http_expect_answer(&client, 200, "t=third.");
    http_disconnect(&client);
    supervised_drain(&supervised);
    ck_assert(event_number(supervised_totals(&supervised),
                           "requests.answered_after_retry") == 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(post_whose_worker_dies_is_refused_with_502)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised, "--workers 1 %s", handoffs[_i]);
    http_expect_ask(&client, supervised.port,
                    "POST /?sleep=60s HTTP/1.1\r\nHost: t\r\n"
                    "Content-Length: 5\r\n\r\nhello");
    kill_while_handling(&supervised, 1);
    http_expect(&client, 502, &answer);
    ck_assert_uint_gt(answer.body_bytes, 0);
    http_answer_free(&answer);
    http_disconnect(&client);
    http_expect_hello(supervised.port);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(post_with_an_idempotency_key_is_retried)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 1 %s", handoffs[_i]);
    http_expect_ask(&client, supervised.port,
                    "POST /?sleep=500ms&t=again. HTTP/1.1\r\nHost: t\r\n"
                    "Idempotency-Key: 1\r\nContent-Length: 5\r\n\r\nhello");
    kill_while_handling(&supervised, 1);
    http_expect_answer(&client, 200, "t=again.");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(requests_behind_one_whose_worker_dies_are_answered_in_order)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 1 %s", handoffs[_i]);
    http_expect_ask(&client, supervised.port,
                    "GET /?t=one.&sleep=500ms HTTP/1.1\r\nHost: t\r\n\r\n"
                    "POST /?t=two. HTTP/1.1\r\nHost: t\r\n"
                    "Content-Length: 5\r\n\r\nhello"
                    "GET /?t=three. HTTP/1.1\r\nHost: t\r\n\r\n");
    kill_while_handling(&supervised, 1);
    http_expect_answer(&client, 200, "t=one.");
    http_expect_answer(&client, 200, "t=two.");
    http_expect_answer(&client, 200, "t=three.");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

static void ask_each(struct http_client *clients, size_t count, int port)
{
    struct http_answer answer;

    for (size_t i = 0; i < count; i++) {
        if (clients[i].fd < 0)
            http_expect_connect(&clients[i], port);
        http_expect_get(&clients[i], "/", 200, &answer);
        ck_assert(answer.keep_alive);
        http_answer_free(&answer);
    }
}

/* The workers do not exit after a response; with --exit-after 1 no worker would
 * hold an idle connection. */
START_TEST(idle_connections_survive_the_death_of_every_worker)
{
    enum { IDLE = 2000 };
    static struct http_client clients[IDLE];
    struct supervised supervised;

    supervised_allow_descriptors(IDLE + 100);
    for (size_t i = 0; i < IDLE; i++)
        clients[i] = (struct http_client){ .fd = -1 };
    supervised_start(&supervised, "--workers 4 %s", handoffs[_i]);
    ask_each(clients, IDLE, supervised.port);
    kill_all(&supervised);
    ask_each(clients, IDLE, supervised.port);
    kill_all(&supervised);
    for (size_t i = 0; i < IDLE; i++)
        http_disconnect(&clients[i]);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("handoff");

    tcase_add_loop_test(cases,
                        large_response_to_a_slow_reader_survives_many_kills, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases,
                        get_is_answered_by_the_third_worker_after_two_kills, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, post_whose_worker_dies_is_refused_with_502, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, post_with_an_idempotency_key_is_retried, 0,
                        HANDOFFS);
    tcase_add_loop_test(
        cases, requests_behind_one_whose_worker_dies_are_answered_in_order, 0,
        HANDOFFS);
    tcase_add_loop_test(
        cases, idle_connections_survive_the_death_of_every_worker, 0, 2);
    return suite_run(cases, "handoff");
}
