/* SPDX-License-Identifier: MIT */
/* test_expectations.c - a client that expects 100-continue gets it once, also
 * when workers die meanwhile. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>
#include <string.h>

#define GET      "GET /?t=tok. HTTP/1.1\r\nHost: test\r\n"
#define POST     "POST /?t=tok. HTTP/1.1\r\nHost: test\r\n"
#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

/* Reads "100 Continue" and removes it from the unread bytes. */
static void expect_continue(struct http_client *client)
{
    http_expect_ahead(client, strlen(CONTINUE));
    ck_assert_uint_eq(client->unread_bytes, strlen(CONTINUE));
    ck_assert_int_eq(memcmp(client->unread, CONTINUE, strlen(CONTINUE)), 0);
    free(client->unread);
    client->unread = NULL;
    client->unread_bytes = 0;
}

/* The next response must be the final one. */
static void expect_final(struct http_client *client)
{
    struct http_answer answer;

    http_expect(client, 200, &answer);
    ck_assert(strstr(answer.body, "t=tok."));
    ck_assert_msg(strncmp(answer.head, "HTTP/1.1 200", 12) == 0, "%s",
                  answer.head);
    http_answer_free(&answer);
}

static const struct {
    const char *head, *body;
} expectations[] = {
    { POST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", "hello" },
    { POST "Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n\r\n",
      "5\r\nhello\r\n0\r\n\r\n" },
};
#define EXPECTATIONS (sizeof(expectations) / sizeof(*expectations))

START_TEST(client_that_expects_100_continue_gets_it)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; i < EXPECTATIONS; i++) {
        http_expect_send(&client, expectations[i].head);
        expect_continue(&client);
        http_expect_send(&client, expectations[i].body);
        expect_final(&client);
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(worker_death_after_100_continue_is_not_noticed)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s --backoff none", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; i < EXPECTATIONS; i++) {
        http_expect_send(&client, expectations[i].head);
        expect_continue(&client);
        ck_assert_uint_gt(supervised_kill_all(&supervised), 0);
        /* Also kills within the body. */
        ck_assert_int_eq(http_send_bytes(&client, expectations[i].body, 1),
                         HTTP_ANSWERED);
        http_expect_hello(supervised.port);
        supervised_kill_all(&supervised);
        http_expect_send(&client, expectations[i].body + 1);
        expect_final(&client);
    }
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* RFC 9110 section 10.1.1. */
START_TEST(request_that_needs_no_100_continue_gets_none)
{
    static const struct {
        const char *request;
        int status;
    } requests[] = {
        { POST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", 200 },
        { GET "Expect: 100-continue\r\n\r\n", 200 },
        { "POST /?t=tok. HTTP/1.0\r\nExpect: 100-continue\r\n"
          "Content-Length: 5\r\n\r\nhello",
          200 },
        { POST "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n", 413 },
    };
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised, "%s", kinds[_i]);
    for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
        http_expect_ask(&client, supervised.port, requests[i].request);
        http_expect(&client, requests[i].status, &answer);
        ck_assert(!strstr(answer.head, "100 Continue"));
        http_answer_free(&answer);
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("expectations");

    tcase_add_loop_test(cases, client_that_expects_100_continue_gets_it, 0,
                        KINDS);
    tcase_add_loop_test(cases, worker_death_after_100_continue_is_not_noticed,
                        0, KINDS_KEPT);
    tcase_add_loop_test(cases, request_that_needs_no_100_continue_gets_none, 0,
                        KINDS);
    return suite_run(cases, "expectations");
}
