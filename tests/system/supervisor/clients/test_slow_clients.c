/* SPDX-License-Identifier: MIT */
/* test_slow_clients.c - clients that send slowly, are idle or read slowly: each
 * has its own deadline. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <time.h>

START_TEST(incomplete_request_is_answered_408)
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

/* The deadline is for the whole request, not for the next byte. */
START_TEST(further_bytes_do_not_extend_the_deadline)
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

START_TEST(idle_connection_is_closed_without_a_response)
{
    struct supervised supervised;
    struct http_client fresh, used;
    const cJSON *totals;

    supervised_start(&supervised, "%s --idle-timeout 1s", kinds[_i]);
    http_expect_connect(&fresh, supervised.port);
    http_expect_connect(&used, supervised.port);
    http_expect_page(&used, "/", "");
    http_expect_close(&fresh);
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

/* The time in which a client sends or reads slowly does not count for the queue
 * timeout, so the client is not refused when all workers are busy later. */
START_TEST(time_used_by_the_client_is_not_counted_as_time_in_the_queue)
{
    struct http_client reader, writer, other;
    struct supervised supervised;
    struct http_answer answer;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 "
                                  "--handoff request --queue-timeout 3s");
    ck_assert_int_eq(http_connect_narrow(&reader, supervised.port),
                     HTTP_ANSWERED);
    http_expect_connect(&writer, supervised.port);
    http_expect_connect(&other, supervised.port);
    http_expect_send(&reader, "GET /?size=1m HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_send(&writer, "GET /?t=writer. HTTP/1.1\r\nHost: t\r\n");
    http_expect_ahead(&reader, 1);
    /* Together longer than the queue timeout.  Then the worker is busy when
     * both continue. */
    for (int i = 0; i < 3; i++) {
        http_expect_page(&other, "/?sleep=1100ms", "");
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

/* A client that reads little at a time is not idle, although the send queue
 * accepts no more until much of it has been read. */
START_TEST(slow_reader_gets_the_whole_response)
{
    enum {
        FAST = 80 * 1024,
        SLOWLY = 16 * 1024,
        PIECE = 80,
        SIZE = 1024 * 1024
    };
    const struct timespec pause = { .tv_nsec = 25000000 };
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised, "%s --idle-timeout 3s", kinds[_i]);
    ck_assert_int_eq(http_connect_narrow(&client, supervised.port),
                     HTTP_ANSWERED);
    http_expect_send(&client, "GET /?size=1m HTTP/1.1\r\nHost: t\r\n\r\n");
    /* The kernel enlarges the send queue for a fast reader. */
    http_expect_ahead(&client, FAST);
    for (size_t bytes = PIECE; bytes < SLOWLY; bytes += PIECE) {
        http_expect_ahead(&client, FAST + bytes);
        nanosleep(&pause, NULL);
    }
    http_expect(&client, 200, &answer);
    ck_assert_uint_eq(answer.body_bytes, SIZE);
    http_answer_free(&answer);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* The connection is closed at the idle timeout, but bytes in the send queue
 * still arrive. */
START_TEST(client_that_stops_reading_can_read_what_was_sent)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    const cJSON *totals;

    supervised_start(&supervised, "%s --idle-timeout 1s", kinds[_i]);
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

    tcase_add_loop_test(cases, incomplete_request_is_answered_408, 0,
                        KINDS_KEPT);
    tcase_add_loop_test(cases, further_bytes_do_not_extend_the_deadline, 0,
                        KINDS_KEPT);
    tcase_add_loop_test(cases, idle_connection_is_closed_without_a_response, 0,
                        KINDS_KEPT);
    tcase_add_test(cases,
                   time_used_by_the_client_is_not_counted_as_time_in_the_queue);
    tcase_add_loop_test(cases, slow_reader_gets_the_whole_response, 0, KINDS);
    tcase_add_loop_test(cases, client_that_stops_reading_can_read_what_was_sent,
                        0, KINDS);
    return suite_run(cases, "slow clients");
}
