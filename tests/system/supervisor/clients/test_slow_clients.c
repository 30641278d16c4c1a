/* SPDX-License-Identifier: MIT */
/* test_slow_clients.c - clients that trickle, keep silent or take their time:
 * each is ended by its own deadline, and by no other. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <time.h>

START_TEST(half_a_request_is_answered_408)
{
    static const char *const halves[] = {
        "G",
        "GET / HTTP/1.1\r\nHost: te",
        "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5\r\nhel",
        "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\nA: b\r\n",
    };
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s --header-timeout 100ms", kinds[_i]);
    for (size_t i = 0; i < sizeof(halves) / sizeof(*halves); i++) {
        http_expect_connect(&client, supervised.port);
        http_expect_page(&client, "/?t=before.", "t=before.");
        http_expect_send(&client, halves[i]);
        http_expect_answer(&client, 408, "");
        http_expect_close(&client);
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

/* The deadline is that of the request, not of its next byte. */
START_TEST(no_byte_puts_the_deadline_off)
{
    struct supervised supervised;
    struct http_client client;
    struct deadline deadline;

    supervised_start(&supervised, "%s --header-timeout 300ms", kinds[_i]);
    http_expect_ask(&client, supervised.port,
                    "GET / HTTP/1.1\r\nHost: t\r\nX-Endless: ");
    deadline = deadline_start();
    while (!http_has_answer(&client)) {
        http_expect_send(&client, "a");
        ck_assert(deadline_nap(deadline));
    }
    http_expect_answer(&client, 408, "");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(silence_is_ended_without_a_word)
{
    struct supervised supervised;
    struct http_client fresh, used;
    const cJSON *totals;

    supervised_start(&supervised, "%s --idle-timeout 100ms", kinds[_i]);
    http_expect_connect(&fresh, supervised.port);
    http_expect_close(&fresh);
    http_expect_connect(&used, supervised.port);
    http_expect_page(&used, "/", "");
    http_expect_close(&used);
    http_disconnect(&fresh);
    http_disconnect(&used);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.closed") == 2);
    ck_assert(event_number(totals, "requests.begun") == 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* A client that takes its time has waited for no worker: the queue's deadline
 * is not over when its turn comes, though all workers are busy then. */
START_TEST(time_that_the_client_took_is_not_time_in_the_queue)
{
    struct http_client reader, writer, other;
    struct supervised supervised;
    struct http_answer answer;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 "
                                  "--handoff request --queue-timeout 500ms");
    ck_assert_int_eq(http_connect_narrow(&reader, supervised.port),
                     HTTP_ANSWERED);
    http_expect_connect(&writer, supervised.port);
    http_expect_connect(&other, supervised.port);
    http_expect_send(&reader, "GET /?size=1m HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_send(&writer, "GET /?t=writer. HTTP/1.1\r\nHost: t\r\n");
    http_expect_ahead(&reader, 1);
    /* In all longer than the queue's deadline; and while the worker goes on so,
     * both go on, too. */
    for (int i = 0; i < 3; i++) {
        http_expect_page(&other, "/?sleep=250ms", "");
    }
    http_expect_send(&other, "GET /?sleep=200ms HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_send(&writer, "\r\n");
    http_expect_ahead(&reader, 500 * 1024);
    http_expect(&reader, 200, &answer);
    ck_assert_uint_eq(answer.body_bytes, 1024 * 1024);
    http_expect_filling(&answer);
    http_answer_free(&answer);
    http_expect_answer(&writer, 200, "t=writer.");
    http_expect_answer(&other, 200, "");
    http_disconnect(&reader);
    http_disconnect(&writer);
    http_disconnect(&other);
    supervised_finish(&supervised);
}
END_TEST

/* Who takes a little all the time is not one who takes nothing, though the
 * queue has no room for more until much of it has been taken. */
START_TEST(who_reads_slowly_is_waited_for)
{
    enum { SLOWLY = 80 * 1024, PIECE = 512, SIZE = 1024 * 1024 };
    const struct timespec pause = { .tv_nsec = 25000000 };
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised, "%s --idle-timeout 1s", kinds[_i]);
    ck_assert_int_eq(http_connect_narrow(&client, supervised.port),
                     HTTP_ANSWERED);
    http_expect_send(&client, "GET /?size=1m HTTP/1.1\r\nHost: t\r\n\r\n");
    for (size_t bytes = PIECE; bytes < SLOWLY; bytes += PIECE) {
        http_expect_ahead(&client, bytes);
        nanosleep(&pause, NULL);
    }
    http_expect(&client, 200, &answer);
    ck_assert_uint_eq(answer.body_bytes, SIZE);
    http_answer_free(&answer);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* Who takes nothing is left, but for what was sent already. */
START_TEST(what_was_sent_to_a_sleeper_is_still_there)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    const cJSON *totals;

    supervised_start(&supervised, "%s --idle-timeout 100ms", kinds[_i]);
    ck_assert_int_eq(http_connect_narrow(&client, supervised.port),
                     HTTP_ANSWERED);
    http_expect_send(&client, "GET /?size=1m HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_ahead(&client, 1);
    supervised_drain(&supervised);
    ck_assert_int_eq(http_receive(&client, false, &answer), HTTP_TRUNCATED);
    http_disconnect(&client);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.client_gone") == 1);
    ck_assert(event_number(totals, "requests.client_gone") == 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("slow clients");

    tcase_add_loop_test(cases, half_a_request_is_answered_408, 0, KINDS_KEPT);
    tcase_add_loop_test(cases, no_byte_puts_the_deadline_off, 0, KINDS_KEPT);
    tcase_add_loop_test(cases, silence_is_ended_without_a_word, 0, KINDS_KEPT);
    tcase_add_test(cases, time_that_the_client_took_is_not_time_in_the_queue);
    tcase_add_loop_test(cases, who_reads_slowly_is_waited_for, 0, KINDS);
    tcase_add_loop_test(cases, what_was_sent_to_a_sleeper_is_still_there, 0,
                        KINDS);
    return suite_run(cases, "slow clients");
}
