/* SPDX-License-Identifier: MIT */
/* test_fallback.c - a worker dies and no other comes in time.  The supervisor
 * then sends a committed response, answers 502 if the request may have had an
 * effect, and 503 with Retry-After otherwise. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>

/* The next worker comes online long after the queue timeout. */
#define LATE                                                                   \
    "--workers 1 --spares 0 --faults --start-delay 1s --queue-timeout 100ms "

/* No worker comes any more, and the supervisor ends. */
#define NEVER "--workers 1 --spares 0 --faults --respawn never "

#define POST                                                                   \
    " HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
#define GET " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"

static const struct {
    const char *request;
    int status;
    bool retry_after; /* the response has this header */
} deaths[] = {
    { "POST /count?fault=kill&at=committed" POST, 200, false },
    { "POST /count?fault=kill&at=half-sent" POST, 200, false },
    { "POST /count?fault=kill&at=handling" POST, 502, false },
    { "GET /?fault=kill&at=handling" GET, 503, true },
    { "GET /?fault=kill&at=half-sent" GET, 200, false },
};
#define DEATHS (int)(sizeof(deaths) / sizeof(*deaths))

static void expect_end(struct http_client *client, int death)
{
    struct http_answer answer;
    char *retry_after;

    http_expect(client, deaths[death].status, &answer);
    retry_after = http_answer_header(&answer, "Retry-After");
    ck_assert_int_eq(retry_after != NULL, deaths[death].retry_after);
    free(retry_after);
    http_answer_free(&answer);
    http_expect_close(client);
    http_disconnect(client);
}

static void expect_totals(struct supervised *supervised, int death)
{
    const cJSON *totals = supervised_totals(supervised);
    bool answered = deaths[death].status == 200;

    ck_assert(event_number(totals, "requests.answered_after_retry") ==
              answered);
    ck_assert(event_number(totals, "requests.refused") == !answered);
}

START_TEST(no_worker_comes_before_the_queue_timeout)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, LATE "%s", handoffs[_i % HANDOFFS_STAYING]);
    supervised_await_online(&supervised, 1);
    http_expect_connect(&client, supervised.port);
    http_expect_send(&client, deaths[_i / HANDOFFS_STAYING].request);
    expect_end(&client, _i / HANDOFFS_STAYING);
    supervised_drain(&supervised);
    expect_totals(&supervised, _i / HANDOFFS_STAYING);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(no_worker_comes_at_all)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, NEVER "%s", handoffs[_i % HANDOFFS]);
    supervised_await_online(&supervised, 1);
    http_expect_connect(&client, supervised.port);
    http_expect_send(&client, deaths[_i / HANDOFFS].request);
    expect_end(&client, _i / HANDOFFS);
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    expect_totals(&supervised, _i / HANDOFFS);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* The response does not fit into the receive buffer of the client. */
START_TEST(slow_reader_gets_the_whole_committed_response)
{
    enum { SIZE = 1024 * 1024 };
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised, LATE "%s", handoffs[_i]);
    supervised_await_online(&supervised, 1);
    ck_assert_int_eq(http_connect_narrow(&client, supervised.port),
                     HTTP_ANSWERED);
    http_expect_send(&client, "GET /?size=1m&fault=kill&at=half-sent" GET);
    http_expect(&client, 200, &answer);
    ck_assert_uint_eq(answer.body_bytes, SIZE);
    http_expect_filling(&answer);
    http_answer_free(&answer);
    http_expect_close(&client);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

/* The supervisor has not parsed the request, which may be a HEAD: the response
 * to HEAD must have no body. */
START_TEST(response_503_has_no_body)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised, LATE "%s", handoffs[_i]);
    http_expect_connect(&client, supervised.port);
    http_expect_send(&client, "HEAD / HTTP/1.1\r\nHost: t\r\n\r\n");
    ck_assert_int_eq(http_receive(&client, true, &answer), HTTP_ANSWERED);
    ck_assert_int_eq(answer.status, 503);
    http_answer_free(&answer);
    http_expect_close(&client);
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("fallback");

    tcase_add_loop_test(cases, no_worker_comes_before_the_queue_timeout, 0,
                        DEATHS * HANDOFFS_STAYING);
    tcase_add_loop_test(cases, no_worker_comes_at_all, 0, DEATHS * HANDOFFS);
    tcase_add_loop_test(cases, slow_reader_gets_the_whole_committed_response, 0,
                        HANDOFFS_STAYING);
    tcase_add_loop_test(cases, response_503_has_no_body, 0, HANDOFFS_STAYING);
    return suite_run(cases, "fallback");
}
