/* SPDX-License-Identifier: MIT */
/* test_protocol.c - valid and invalid HTTP requests. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>
#include <string.h>

START_TEST(head_is_answered_without_a_body)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    char *length;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_ask(&client, supervised.port,
                    "HEAD /?size=5k HTTP/1.1\r\nHost: test\r\n\r\n");
    ck_assert_int_eq(http_receive(&client, true, &answer), HTTP_ANSWERED);
    ck_assert_int_eq(answer.status, 200);
    length = http_answer_header(&answer, "Content-Length");
    ck_assert_str_eq(length, "5120");
    free(length);
    http_answer_free(&answer);
    http_expect_page(&client, "/?t=after", "t=after");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(connection_is_kept_or_closed_as_the_request_specifies)
{
    static const struct {
        const char *request;
        bool kept;
    } requests[] = {
        { "GET / HTTP/1.1\r\nHost: t\r\n\r\n", true },
        { "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", false },
        { "GET / HTTP/1.0\r\n\r\n", false },
        { "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true },
    };
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised, "%s", kinds[_i]);
    for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
        http_expect_ask(&client, supervised.port, requests[i].request);
        http_expect(&client, 200, &answer);
        ck_assert_msg(answer.keep_alive == requests[i].kept, "%s -> %s",
                      requests[i].request, answer.head);
        http_answer_free(&answer);
        if (requests[i].kept) {
            http_expect_page(&client, "/", "");
        } else {
            http_expect_close(&client);
        }
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

/* Returns a string of `bytes` letters; the caller frees it. */
static char *large_header(size_t bytes)
{
    char *text = malloc(bytes + 1);

    ck_assert(text != NULL);
    memset(text, 'a', bytes);
    text[bytes] = '\0';
    return text;
}

START_TEST(invalid_request_is_refused_and_its_connection_closed)
{
    static const struct {
        const char *bytes;
        int status;
    } broken[] = {
        { "hello\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: t\r\nbroken header\r\n\r\n", 400 },
        { "\x16\x03\x01\x02\x01\x01\x01\xfc\x03\x03", 400 },
    };
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", kinds[_i]);
    for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
        http_expect_ask(&client, supervised.port, broken[i].bytes);
        http_expect_answer(&client, broken[i].status, "");
        http_expect_close(&client);
        http_disconnect(&client);
    }
    http_expect_hello(supervised.port);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(header_above_the_limit_is_answered_431)
{
    char *text = large_header(20000);
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_ask(&client, supervised.port,
                    "GET / HTTP/1.1\r\nHost: test\r\nX-Large: ");
    http_expect_send(&client, text);
    http_expect_send(&client, "\r\n\r\n");
    http_expect_answer(&client, 431, "");
    http_expect_close(&client);
    http_disconnect(&client);
    http_expect_hello(supervised.port);
    free(text);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(pipelined_requests_are_answered_in_order)
{
    enum { REQUESTS = 50 };
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    char text[128], requests[REQUESTS * 64] = "";

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    for (int i = 0; i < REQUESTS; i++) {
        snprintf(text, sizeof(text),
                 "GET /?t=number-%d. HTTP/1.1\r\nHost: t\r\n\r\n", i);
        strcat(requests, text);
    }
    http_expect_send(&client, requests);
    for (int i = 0; i < REQUESTS; i++) {
        http_expect(&client, 200, &answer);
        snprintf(text, sizeof(text), "t=number-%d.", i);
        ck_assert_msg(strstr(answer.body, text) != NULL, "%s in %s", text,
                      answer.body);
        http_answer_free(&answer);
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* A client that asks for the end of its connection gets no further response, so
 * nothing that follows may be executed. */
START_TEST(request_behind_connection_close_is_not_executed)
{
    struct supervised supervised;
    struct http_client client, other;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_ask(&client, supervised.port,
                    "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"
                    "POST /count HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_answer(&client, 200, "");
    http_expect_close(&client);
    http_expect_connect(&other, supervised.port);
    http_expect_page(&other, "/count", "0\n");
    http_disconnect(&other);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(request_may_arrive_byte_by_byte)
{
    static const char request[] = "GET /?t=slow HTTP/1.1\r\nHost: test\r\n\r\n";
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; request[i]; i++) {
        ck_assert_int_eq(http_send_bytes(&client, request + i, 1),
                         HTTP_ANSWERED);
        /* Another client is answered meanwhile. */
        if (i % 8 == 0)
            http_expect_hello(supervised.port);
    }
    http_expect_answer(&client, 200, "t=slow");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("protocol");

    tcase_add_loop_test(cases, head_is_answered_without_a_body, 0, KINDS);
    tcase_add_loop_test(
        cases, connection_is_kept_or_closed_as_the_request_specifies, 0, KINDS);
    tcase_add_loop_test(
        cases, invalid_request_is_refused_and_its_connection_closed, 0, KINDS);
    tcase_add_loop_test(cases, header_above_the_limit_is_answered_431, 0,
                        KINDS);
    tcase_add_loop_test(cases, pipelined_requests_are_answered_in_order, 0,
                        KINDS);
    tcase_add_loop_test(cases, request_behind_connection_close_is_not_executed,
                        0, KINDS);
    tcase_add_loop_test(cases, request_may_arrive_byte_by_byte, 0, KINDS);
    return suite_run(cases, "protocol");
}
