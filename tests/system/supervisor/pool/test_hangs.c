/* SPDX-License-Identifier: MIT */
/* test_hangs.c - workers that hang or are stopped are replaced, and their other
 * connections continue with other workers; a slow handler is not a hang. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kinds.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>
#include <stdio.h>

#define PLENTY "--backoff none --restart-intensity 1000/1s "

/* The worker that answers on this connection. */
static long worker_of(struct http_client *client)
{
    struct http_answer answer;
    long pid;

    http_expect_get(client, "/", 200, &answer);
    pid = http_answer_number(&answer, "pid");
    http_answer_free(&answer);
    return pid;
}

static const struct {
    const char *fault, *cause;
} hangs[] = { { "hang", "hang" }, { "stop", "outside" } };

START_TEST(other_connections_of_a_hung_worker_continue_elsewhere)
{
    enum { NEIGHBOURS = 8 };
    struct http_client hung, neighbours[NEIGHBOURS];
    struct supervised supervised;
    char request[128];
    long pid;

    supervised_start(&supervised,
                     "--workers 1 --spares 2 --faults --exit-after 0 "
                     "--handoff connection --max-kills 2 "
                     "--request-timeout %ums " PLENTY,
                     300 * deadline_factor());
    supervised_await_online(&supervised, 3);
    http_expect_connect(&hung, supervised.port);
    pid = worker_of(&hung);
    for (int i = 0; i < NEIGHBOURS; i++) {
        http_expect_connect(&neighbours[i], supervised.port);
        ck_assert_int_eq(worker_of(&neighbours[i]), pid);
    }
    snprintf(request, sizeof(request),
             "GET /?fault=%s HTTP/1.1\r\nHost: t\r\n\r\n", hangs[_i].fault);
    http_expect_send(&hung, request);
    for (int i = 0; i < NEIGHBOURS; i++)
        http_expect_send(&neighbours[i], "POST / HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < NEIGHBOURS; i++)
        http_expect_answer(&neighbours[i], 200, "");
    http_expect_answer(&hung, 500, "");
    event_log_await(&supervised.log, 2, "{'event':'exit','cause':'%s'}",
                    hangs[_i].cause);
    supervised_await_workers(&supervised, 3);
    for (int i = 0; i < NEIGHBOURS; i++) {
        ck_assert_int_ne(worker_of(&neighbours[i]), pid);
        http_disconnect(&neighbours[i]);
    }
    ck_assert_int_ne(worker_of(&hung), pid);
    http_disconnect(&hung);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(workers_stopped_from_outside_are_replaced)
{
    enum { CLIENTS = 6 };
    pid_t stopped[SUPERVISED_WORKERS_MAX];
    struct http_client clients[CLIENTS];
    struct supervised supervised;
    size_t count;

    supervised_start(&supervised,
                     "--workers 2 --spares 1 --request-timeout %ums " PLENTY
                     "%s",
                     300 * deadline_factor(), handoffs[_i]);
    supervised_await_online(&supervised, 3);
    for (int i = 0; i < CLIENTS; i++) {
        http_expect_connect(&clients[i], supervised.port);
        http_expect_page(&clients[i], "/", "");
    }
    count = supervised_workers(&supervised, stopped);
    for (size_t i = 0; i < count; i++)
        process_signal_safely(stopped[i], supervised.pid, SIGSTOP);
    for (int i = 0; i < CLIENTS; i++)
        http_expect_send(&clients[i], "POST / HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < CLIENTS; i++) {
        http_expect_answer(&clients[i], 200, "");
        http_disconnect(&clients[i]);
    }
    event_log_await(&supervised.log, count, "{'event':'hang','stopped':true}");
    event_log_await(&supervised.log, count,
                    "{'event':'exit','cause':'outside'}");
    supervised_await_workers(&supervised, 3);
    supervised_finish(&supervised);
}
END_TEST

/* A sleeping handler does not block the event loop of its worker. */
START_TEST(slow_handler_is_not_hung)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --request-timeout 1s %s",
                     handoffs[_i]);
    http_expect_connect(&client, supervised.port);
    http_expect_page(&client, "/?sleep=400ms&t=a.", "t=a.");
    http_expect_page(&client, "/?sleep=400ms&t=b.", "t=b.");
    http_expect_page(&client, "/?sleep=400ms&t=c.", "t=c.");
    http_disconnect(&client);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'exit'}"), 0);
    supervised_finish(&supervised);
}
END_TEST

/* A handler that sleeps longer than --request-timeout costs only its request:
 * the worker answers 500 before the sleep is over and stays alive. */
START_TEST(handler_that_sleeps_past_the_timeout_is_answered_500)
{
    struct supervised supervised;
    struct http_client slow, other;
    int others = 0;

    supervised_start(&supervised,
                     "--workers 2 --spares 0 --request-timeout 500ms %s",
                     handoffs[_i]);
    http_expect_connect(&slow, supervised.port);
    http_expect_connect(&other, supervised.port);
    http_expect_send(&slow, "GET /?sleep=60s HTTP/1.1\r\nHost: t\r\n\r\n");
    while (!http_has_answer(&slow)) {
        http_expect_page(&other, "/?sleep=200ms", "");
        ck_assert_int_lt(others++, 100);
    }
    http_expect_answer(&slow, 500, "");
    http_expect_page(&slow, "/?t=next.", "t=next.");
    http_disconnect(&slow);
    http_disconnect(&other);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'exit'}"), 0);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("hangs");

    tcase_add_loop_test(
        cases, other_connections_of_a_hung_worker_continue_elsewhere, 0, 2);
    tcase_add_loop_test(cases, workers_stopped_from_outside_are_replaced, 0,
                        HANDOFFS_STAYING);
    tcase_add_loop_test(cases, slow_handler_is_not_hung, 0, HANDOFFS_STAYING);
    tcase_add_loop_test(cases,
                        handler_that_sleeps_past_the_timeout_is_answered_500, 0,
                        HANDOFFS_STAYING);
    return suite_run(cases, "hangs");
}
