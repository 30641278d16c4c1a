/* SPDX-License-Identifier: MIT */
/* test_schedules.c - workers that accept connections themselves. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>
#include <string.h>

static const char *const schedules[] = {
    "--schedule shared",
    "--schedule reuseport",
    "--schedule reuseport --keep-listeners",
};
#define SCHEDULES (int)(sizeof(schedules) / sizeof(*schedules))
#define SHARED    0

/* The sum of `field` over all exit events. */
static double sum_of_exits(struct supervised *supervised, const char *field)
{
    const cJSON *event;
    double sum = 0;

    for (size_t i = 1;
         (event = event_log_find(&supervised->log, i, "{'event':'exit'}")); i++)
        sum += event_number(event, field);
    return sum;
}

START_TEST(workers_answer_and_their_responses_add_up)
{
    enum { WORKERS = 4, ASKED = 200 };
    struct supervised supervised;
    int by[WORKERS + 1] = { 0 };
    const cJSON *totals;

    supervised_start(&supervised, "--workers %d --exit-after 0 %s", WORKERS,
                     schedules[_i]);
    supervised_await_online(&supervised, WORKERS + 1);
    for (int i = 0; i < ASKED; i++) {
        struct http_client client;
        struct http_answer answer;
        long worker;

        http_expect_connect(&client, supervised.port);
        http_expect_get(&client, "/", 200, &answer);
        worker = http_answer_number(&answer, "worker");
        ck_assert(worker >= 1 && worker <= WORKERS);
        by[worker]++;
        http_answer_free(&answer);
        http_disconnect(&client);
    }
    /* With reuseport, the kernel's hash reaches every listener. */
    for (int i = 1; _i != SHARED && i <= WORKERS; i++)
        ck_assert_int_gt(by[i], 0);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.accepted") == ASKED);
    ck_assert(event_number(totals, "connections.closed") == ASKED);
    ck_assert(event_number(totals, "requests.begun") == ASKED);
    ck_assert(event_number(totals, "requests.answered") == ASKED);
    ck_assert(sum_of_exits(&supervised, "responses") == ASKED);
    for (int i = 1; i <= WORKERS; i++)
        ck_assert(event_number(event_log_find(&supervised.log, 1,
                                              "{'event':'exit','slot':%d}", i),
                               "responses") == by[i]);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(connection_stays_with_the_worker_that_accepted_it)
{
    struct supervised supervised;
    struct http_client clients[8];
    long pids[8] = { 0 };

    supervised_start(&supervised, "--workers 3 --exit-after 0 %s",
                     schedules[_i]);
    for (int i = 0; i < 3 * 8; i++) {
        struct http_answer answer;
        long pid;

        if (i < 8)
            http_expect_connect(&clients[i], supervised.port);
        http_expect_get(&clients[i % 8], "/", 200, &answer);
        pid = http_answer_number(&answer, "pid");
        ck_assert(i < 8 || pids[i % 8] == pid);
        pids[i % 8] = pid;
        http_answer_free(&answer);
    }
    for (int i = 0; i < 8; i++)
        http_disconnect(&clients[i]);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(spare_accepts_nothing_before_it_has_a_slot)
{
    struct supervised supervised;
    pid_t first, second;

    supervised_start(&supervised, "--workers 1 --spares 2 --exit-after 0 %s",
                     schedules[_i]);
    supervised_await_online(&supervised, 3);
    first = http_expect_hello(supervised.port);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(http_expect_hello(supervised.port), first);
    ck_assert(supervised_kill(&supervised, first));
    second = (pid_t)event_number(
        event_log_await(&supervised.log, 1, "{'event':'promote','slot':1}"),
        "pid");
    event_log_await(&supervised.log, 1, "{'event':'exit','pid':%d}", first);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(http_expect_hello(supervised.port), second);
    /* The first worker may not have seen yet that its last client had left. */
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    supervised_finish_cut_short(&supervised);
}
END_TEST

START_TEST(every_address_is_served)
{
    struct supervised supervised;
    const cJSON *second;

    supervised_start(&supervised,
                     "-l 127.0.0.1:0 -l 127.0.0.1:0 --workers 2 "
                     "--exit-after 0 %s",
                     schedules[_i]);
    second = event_log_await(&supervised.log, 3, "{'event':'listening'}");
    for (int i = 0; i < 10; i++) {
        http_expect_hello(supervised.port);
        http_expect_hello((int)event_number(second, "port"));
    }
    supervised_finish(&supervised);
}
END_TEST

START_TEST(workers_share_a_unix_socket)
{
    struct supervised supervised;
    char path[160];

    supervised_start(&supervised,
                     "-l unix:socket --workers 2 --exit-after 0 %s",
                     schedules[SHARED]);
    snprintf(path, sizeof(path), "%s/socket", supervised.folder.path);
    for (int i = 0; i < 10; i++) {
        struct http_client client;

        ck_assert_int_eq(http_connect_unix(&client, path), HTTP_ANSWERED);
        http_expect_page(&client, "/?t=a.", "t=a.");
        http_expect_page(&client, "/?t=b.", "t=b.");
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

START_TEST(supervisor_counts_for_all_workers)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 2 --exit-after 0 %s",
                     schedules[_i]);
    for (int i = 1; i <= 5; i++) {
        char total[8];

        snprintf(total, sizeof(total), "%d\n", i);
        http_expect_ask(&client, supervised.port,
                        "POST /count HTTP/1.1\r\nHost: t\r\n"
                        "Content-Length: 0\r\n\r\n");
        http_expect_answer(&client, 200, total);
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

START_TEST(client_refused_while_it_sends_its_body_reads_the_response)
{
    static char body[256 * 1024];
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 1 --exit-after 0 %s",
                     schedules[_i]);
    memset(body, 'x', sizeof(body));
    http_expect_ask(&client, supervised.port,
                    "POST / HTTP/1.1\r\nHost: t\r\n"
                    "Content-Length: 1000000\r\n\r\n");
    ck_assert_int_eq(http_send_bytes(&client, body, sizeof(body)),
                     HTTP_ANSWERED);
    http_expect_answer(&client, 413, "");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(worker_at_its_connection_limit_accepts_no_more)
{
    struct supervised supervised;
    struct http_client first, second, third;

    supervised_start(&supervised,
                     "--workers 1 --exit-after 0 --max-connections 2 %s",
                     schedules[_i]);
    http_expect_connect(&first, supervised.port);
    http_expect_page(&first, "/", "");
    http_expect_connect(&second, supervised.port);
    http_expect_page(&second, "/", "");
    http_expect_ask(&third, supervised.port,
                    "GET /?t=third. HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_page(&second, "/?sleep=50ms", "");
    ck_assert(!http_has_answer(&third));
    http_disconnect(&first);
    http_expect_answer(&third, 200, "t=third.");
    http_disconnect(&second);
    http_disconnect(&third);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("schedules");

    tcase_add_loop_test(cases, workers_answer_and_their_responses_add_up, 0,
                        SCHEDULES);
    tcase_add_loop_test(
        cases, connection_stays_with_the_worker_that_accepted_it, 0, SCHEDULES);
    tcase_add_loop_test(cases, spare_accepts_nothing_before_it_has_a_slot, 0,
                        SCHEDULES);
    tcase_add_loop_test(cases, every_address_is_served, 0, SCHEDULES);
    tcase_add_test(cases, workers_share_a_unix_socket);
    tcase_add_loop_test(cases, supervisor_counts_for_all_workers, 0, SCHEDULES);
    tcase_add_loop_test(
        cases, client_refused_while_it_sends_its_body_reads_the_response, 0,
        SCHEDULES);
    tcase_add_loop_test(cases, worker_at_its_connection_limit_accepts_no_more,
                        0, SCHEDULES);
    return suite_run(cases, "schedules");
}
