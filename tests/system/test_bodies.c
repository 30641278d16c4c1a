/* test_bodies.c - requests with bodies, expectations, and ends in the midst of
 * them, also when workers die meanwhile. */
#include "tests/system/http_expect.h"
#include "tests/system/suite.h"
#include "tests/system/supervised.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The kinds of worker: the one that goes after each response, the one that
 * stays, and the one that accepts its connections itself. */
static const char *const kinds[] = {
    "--workers 2 --faults --exit-after 1",
    "--workers 2 --faults --exit-after 0",
    "--workers 2 --faults --exit-after 0 --schedule shared"
};
#define KINDS (int)(sizeof(kinds) / sizeof(*kinds))
/* Of the last one a connection ends with its worker. */
#define KEPT (KINDS - 1)

#define GET      "GET /?t=tok. HTTP/1.1\r\nHost: test\r\n"
#define POST     "POST /?t=tok. HTTP/1.1\r\nHost: test\r\n"
#define CHUNKED  POST "Transfer-Encoding: chunked\r\n"
#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

/* Whole requests, with token tok. */
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

START_TEST(a_body_is_taken_out_to_the_byte)
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

START_TEST(a_request_may_come_in_two_parts_wherever_they_part)
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
    http_expect_connect(&client, supervised.port);
    http_expect_send(&client, text);
    for (size_t i = 0; i < REQUESTS; i++)
        http_expect_answer(&client, 200, "t=tok.");
    ck_assert(!http_has_answer(&client));
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* ---- Expect: 100-continue ---- */

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
        http_expect_connect(&client, supervised.port);
        http_expect_send(&client, deaf[i].request);
        http_expect(&client, deaf[i].status, &answer);
        ck_assert(!strstr(answer.head, "100 Continue"));
        http_answer_free(&answer);
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

/* ---- Clients that say no more ---- */

START_TEST(who_has_said_all_gets_every_answer)
{
    static const char *const faults[] = { "", "&fault=kill&at=committed",
                                          "&fault=kill&at=half-sent",
                                          "&fault=segv&at=consumed" };
    struct supervised supervised;
    struct http_client client;
    char text[256];

    supervised_start(&supervised, "%s --backoff none", kinds[_i]);
    for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
        http_expect_connect(&client, supervised.port);
        snprintf(text, sizeof(text),
                 GET "\r\nGET /?t=next.%s HTTP/1.1\r\nHost: t\r\n\r\n" GET
                     "\r\n",
                 faults[i]);
        http_expect_send(&client, text);
        http_half_close(&client);
        http_expect_answer(&client, 200, "t=tok.");
        http_expect_answer(&client, 200, "t=next.");
        http_expect_answer(&client, 200, "t=tok.");
        http_expect_close(&client);
        http_disconnect(&client);
    }
    supervised_finish(&supervised);
}
END_TEST

/* What is half a request stays one. */
START_TEST(who_leaves_within_a_request_is_owed_nothing)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", kinds[_i]);
    for (size_t part = 0; part < strlen(requests[0]); part += 9) {
        http_expect_connect(&client, supervised.port);
        ck_assert_int_eq(http_send_bytes(&client, requests[0], part),
                         HTTP_ANSWERED);
        http_half_close(&client);
        http_expect_close(&client);
        http_disconnect(&client);
    }
    supervised_drain(&supervised);
    ck_assert(event_number(supervised_totals(&supervised), "requests.begun") ==
              0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(a_client_that_aborts_costs_nobody_anything)
{
    enum { ABORTS = 50 };
    const struct linger at_once = { .l_onoff = 1 };
    struct supervised supervised;
    struct http_client client;
    const cJSON *totals;

    supervised_start(&supervised, "%s", kinds[_i]);
    for (int i = 0; i < ABORTS; i++) {
        http_expect_connect(&client, supervised.port);
        setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        http_expect_send(
            &client, i % 2 ? "GET /?size=1m HTTP/1.1\r\nHost: t\r\n\r\n"
                           : "GET /?sleep=10ms HTTP/1.1\r\nHost: t\r\n\r\n");
        if (i % 3 == 0)
            http_expect_ahead(&client, 1);
        http_disconnect(&client);
        http_expect_hello(supervised.port);
    }
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.accepted") == 2 * ABORTS);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* ---- Pipelines and deaths ---- */

START_TEST(what_waits_behind_a_dying_worker_is_answered_in_order)
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

    tcase_add_loop_test(cases, a_body_is_taken_out_to_the_byte, 0, KINDS);
    tcase_add_loop_test(
        cases, a_request_may_come_in_two_parts_wherever_they_part, 0, KINDS);
    tcase_add_loop_test(cases, bodies_may_be_pipelined, 0, KINDS);
    tcase_add_loop_test(cases, who_expects_it_is_told_to_continue, 0, KINDS);
    tcase_add_loop_test(
        cases, who_was_told_to_continue_need_not_know_that_the_worker_died, 0,
        KEPT);
    tcase_add_loop_test(cases, who_cannot_be_told_to_continue_is_not, 0, KINDS);
    tcase_add_loop_test(cases, who_has_said_all_gets_every_answer, 0, KEPT);
    tcase_add_loop_test(cases, who_leaves_within_a_request_is_owed_nothing, 0,
                        KINDS);
    tcase_add_loop_test(cases, a_client_that_aborts_costs_nobody_anything, 0,
                        KINDS);
    tcase_add_loop_test(
        cases, what_waits_behind_a_dying_worker_is_answered_in_order, 0, KEPT);
    return suite_run(cases, "bodies");
}
