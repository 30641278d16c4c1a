/* SPDX-License-Identifier: MIT */
/* test_service.c - the responses of the built-in service. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include "worker/clock.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

START_TEST(page_contains_a_greeting_and_names_its_worker)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    char *type, *worker, name[64];

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    http_expect_get(&client, "/any/path?x=y", 200, &answer);
    ck_assert(strstr(answer.body, "Hello Cluster!"));
    snprintf(name, sizeof(name), "pid=%ld worker=%ld generation=%ld",
             http_answer_number(&answer, "pid"),
             http_answer_number(&answer, "worker"),
             http_answer_number(&answer, "generation"));
    ck_assert(strstr(answer.body, name));
    type = http_answer_header(&answer, "Content-Type");
    ck_assert_str_eq(type, "text/html; charset=utf-8");
    worker = http_answer_header(&answer, "X-Worker");
    ck_assert_str_eq(worker, name);
    event_log_await(&supervised.log, 1, "{'event':'online','pid':%ld}",
                    http_answer_number(&answer, "pid"));
    free(type);
    free(worker);
    http_answer_free(&answer);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(response_contains_the_token_of_the_request)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    char *token;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    http_expect_page(&client, "/?t=abc-123", "t=abc-123");
    http_expect_send(&client, "GET / HTTP/1.1\r\nHost: test\r\n"
                              "X-Token: in-a-header\r\n\r\n");
    http_expect(&client, 200, &answer);
    token = http_answer_header(&answer, "X-Token");
    ck_assert_str_eq(token, "in-a-header");
    ck_assert(!strstr(answer.body, "t="));
    free(token);
    http_answer_free(&answer);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(response_body_has_exactly_the_requested_size)
{
    static const struct {
        const char *target;
        size_t bytes;
    } sizes[] = {
        { "/?t=tok&size=1000", 1000 },
        { "/?size=200k", 200 * 1024 },
        { "/?size=1m", 1024 * 1024 },
    };
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        http_expect_get(&client, sizes[i].target, 200, &answer);
        ck_assert_uint_eq(answer.body_bytes, sizes[i].bytes);
        http_expect_filling(&answer);
        http_answer_free(&answer);
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(sleeping_handler_does_not_block_its_worker)
{
    struct supervised supervised;
    struct http_client sleeper, other;

    /* Both connections share the only worker.  The sleep is as long as the
     * deadline of the test. */
    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 "
                                  "--handoff connection "
                                  "--drain-timeout 100ms");
    http_expect_connect(&sleeper, supervised.port);
    http_expect_connect(&other, supervised.port);
    http_expect_send(&sleeper, "GET /?sleep=60s HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < 20; i++) {
        http_expect_page(&other, "/", "");
    }
    ck_assert(!http_has_answer(&sleeper));
    http_disconnect(&sleeper);
    http_disconnect(&other);
    supervised_drain(&supervised);
    supervised_finish_cut_short(&supervised);
}
END_TEST

START_TEST(handler_sleeps_for_the_requested_time)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    uint64_t start_us;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    start_us = clock_monotonic_us();
    http_expect_get(&client, "/?sleep=50ms", 200, &answer);
    ck_assert_uint_ge(clock_monotonic_us() - start_us, 50000);
    http_answer_free(&answer);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* The processor time that a process has used. */
static uint64_t processor_us(pid_t pid)
{
    struct timespec used;
    clockid_t clock;

    ck_assert_int_eq(clock_getcpuclockid(pid, &clock), 0);
    ck_assert_int_eq(clock_gettime(clock, &used), 0);
    return (uint64_t)used.tv_sec * 1000000 + (uint64_t)used.tv_nsec / 1000;
}

START_TEST(handler_uses_the_requested_processor_time)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised, "%s", "--workers 1 --exit-after 0");
    http_expect_connect(&client, supervised.port);
    http_expect_get(&client, "/?spin=50ms", 200, &answer);
    ck_assert_uint_ge(processor_us((pid_t)http_answer_number(&answer, "pid")),
                      50000);
    http_answer_free(&answer);
    http_expect_get(&client, "/?spin=61s", 400, &answer);
    http_answer_free(&answer);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(each_response_has_another_pid_with_exit_after_1)
{
    enum { ANSWERS = 20 };
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    long pid, before = -1;

    supervised_start(&supervised, "--workers 2");
    http_expect_connect(&client, supervised.port);
    for (int i = 0; i < ANSWERS; i++) {
        http_expect_get(&client, "/", 200, &answer);
        pid = http_answer_number(&answer, "pid");
        ck_assert_int_ne(pid, before);
        before = pid;
        http_answer_free(&answer);
    }
    http_disconnect(&client);
    event_log_await(&supervised.log, ANSWERS,
                    "{'event':'exit','code':1,'signal':null,'responses':1}");
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("built-in service");

    tcase_add_loop_test(cases, page_contains_a_greeting_and_names_its_worker, 0,
                        KINDS);
    tcase_add_loop_test(cases, response_contains_the_token_of_the_request, 0,
                        KINDS);
    tcase_add_loop_test(cases, response_body_has_exactly_the_requested_size, 0,
                        KINDS);
    tcase_add_loop_test(cases, handler_sleeps_for_the_requested_time, 0, KINDS);
    tcase_add_test(cases, sleeping_handler_does_not_block_its_worker);
    tcase_add_test(cases, handler_uses_the_requested_processor_time);
    tcase_add_test(cases, each_response_has_another_pid_with_exit_after_1);
    return suite_run(cases, "service");
}
