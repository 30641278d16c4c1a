/* SPDX-License-Identifier: MIT */
/* test_expectations.c - who expects 100-continue is told to, once, also when
 * workers die meanwhile. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>
#include <string.h>

#define GET      "GET /?t=tok. HTTP/1.1\r\nHost: test\r\n"
#define POST     "POST /?t=tok. HTTP/1.1\r\nHost: test\r\n"
#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

/* It was said; takes it away. */
static void expect_continue(struct http_client *client)
{
    http_expect_ahead(client, strlen(CONTINUE));
    ck_assert_uint_eq(client->unread_bytes, strlen(CONTINUE));
    ck_assert_int_eq(memcmp(client->unread, CONTINUE, strlen(CONTINUE)), 0);
    free(client->unread);
    client->unread = NULL;
    client->unread_bytes = 0;
}

/* The next thing that is said is the answer. */
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

START_TEST(who_expects_it_is_told_to_continue)
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

START_TEST(who_was_told_to_continue_need_not_know_that_the_worker_died)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s --backoff none", kinds[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; i < EXPECTATIONS; i++) {
        http_expect_send(&client, expectations[i].head);
        expect_continue(&client);
        ck_assert_uint_gt(supervised_kill_all(&supervised), 0);
        /* Within the body, too. */
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
START_TEST(who_cannot_be_told_to_continue_is_not)
{
    static const struct {
        const char *request;
        int status;
    } deaf[] = {
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
    for (size_t i = 0; i < sizeof(deaf) / sizeof(*deaf); i++) {
        http_expect_ask(&client, supervised.port, deaf[i].request);
        http_expect(&client, deaf[i].status, &answer);
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

    tcase_add_loop_test(cases, who_expects_it_is_told_to_continue, 0, KINDS);
    tcase_add_loop_test(
        cases, who_was_told_to_continue_need_not_know_that_the_worker_died, 0,
        KINDS_KEPT);
    tcase_add_loop_test(cases, who_cannot_be_told_to_continue_is_not, 0, KINDS);
    return suite_run(cases, "expectations");
}
