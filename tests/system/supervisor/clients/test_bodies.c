/* SPDX-License-Identifier: MIT */
/* test_bodies.c - requests with bodies that arrive whole, in parts and
 * pipelined, also when workers die meanwhile. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>
#include <string.h>

#define GET     "GET /?t=tok. HTTP/1.1\r\nHost: test\r\n"
#define POST    "POST /?t=tok. HTTP/1.1\r\nHost: test\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n"

/* Complete requests with the token tok. */
static const char *const requests[] = {
    POST "Content-Length: 5\r\n\r\nhello",
    POST "Content-Length: 0\r\n\r\n",
    POST "\r\n",
    GET "Content-Length: 5\r\n\r\nhello",
    CHUNKED "\r\n5\r\nhello\r\n0\r\n\r\n",
    CHUNKED "\r\n1\r\nh\r\n4\r\nello\r\n00000\r\n\r\n",
    CHUNKED "\r\nA\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
    CHUNKED "\r\n5;name=value\r\nhello\r\n0;last\r\n\r\n",
    CHUNKED "\r\n0\r\n\r\n",
    CHUNKED "Trailer: Expires\r\n\r\n5\r\nhello\r\n0\r\nExpires: 0\r\n\r\n",
    POST "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    GET "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    GET "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
    POST "Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\n"
         "hello",
    "\r\n\r\n" GET "\r\n",
};
#define REQUESTS (sizeof(requests) / sizeof(*requests))

START_TEST(next_request_is_found_after_each_body)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; i < REQUESTS; i++) {
        http_expect_send(&client, requests[i]);
        http_expect_answer(&client, 200, "t=tok.");
        http_expect_page(&client, "/?t=next.", "t=next.");
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(request_may_arrive_in_two_parts_split_anywhere)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; i < REQUESTS; i++) {
        size_t length = strlen(requests[i]);

        for (size_t part = 1; part < length; part += 7) {
            ck_assert_int_eq(http_send_bytes(&client, requests[i], part),
                             HTTP_ANSWERED);
            http_expect_send(&client, requests[i] + part);
            http_expect_answer(&client, 200, "t=tok.");
        }
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(bodies_may_be_pipelined)
{
    struct supervised supervised;
    struct http_client client;
    char text[8192] = "";

    supervised_start(&supervised, "%s", kinds[_i]);
    for (size_t i = 0; i < REQUESTS; i++)
        strcat(text, requests[i]);
    http_expect_ask(&client, supervised.port, text);
    for (size_t i = 0; i < REQUESTS; i++)
        http_expect_answer(&client, 200, "t=tok.");
    ck_assert(!http_has_answer(&client));
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(pipelined_requests_are_answered_in_order_although_workers_die)
{
    enum { WAITING = 100 };
    char text[64], all[WAITING * sizeof(text)] = "";
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s --backoff none", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    for (int i = 0; i < WAITING; i++) {
        snprintf(text, sizeof(text),
                 "GET /?sleep=1ms&t=%d. HTTP/1.1\r\nHost: t\r\n\r\n", i);
        strcat(all, text);
    }
    http_expect_send(&client, all);
    for (int i = 0; i < WAITING; i++) {
        if (i % 10 == 5)
            supervised_kill_all(&supervised);
        snprintf(text, sizeof(text), "t=%d.", i);
        http_expect_answer(&client, 200, text);
    }
    ck_assert(!http_has_answer(&client));
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("bodies");

    tcase_add_loop_test(cases, next_request_is_found_after_each_body, 0, KINDS);
    tcase_add_loop_test(cases, request_may_arrive_in_two_parts_split_anywhere,
                        0, KINDS);
    tcase_add_loop_test(cases, bodies_may_be_pipelined, 0, KINDS);
    tcase_add_loop_test(
        cases, pipelined_requests_are_answered_in_order_although_workers_die, 0,
        KINDS_KEPT);
    return suite_run(cases, "bodies");
}
