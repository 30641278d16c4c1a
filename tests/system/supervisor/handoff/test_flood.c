/* SPDX-License-Identifier: MIT */
/* test_flood.c - a worker that floods the supervisor with messages is killed,
 * and the others serve meanwhile. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>
#include <stdio.h>

static const char *const kinds_of_pool[] = {
    "--handoff request",
    "--handoff connection",
    "--schedule shared",
};

/* The worker keeps its heartbeat, so the watchdog does not kill it. */
START_TEST(worker_that_floods_is_killed_while_another_client_is_served)
{
    struct supervised supervised;
    struct http_client flooding, client;
    const cJSON *flood;
    char target[32];

    supervised_start(&supervised,
                     "--workers 2 --spares 0 --faults --exit-after 0 "
                     "--max-attempts 1 --backoff none %s",
                     kinds_of_pool[_i]);
    supervised_await_online(&supervised, 2);
    http_expect_ask(&flooding, supervised.port,
                    "GET /?fault=flood HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < 20 && _i == 0; i++) {
        http_expect_connect(&client, supervised.port);
        snprintf(target, sizeof(target), "/?t=other-%d.", i);
        http_expect_page(&client, target, target + 2);
        http_disconnect(&client);
    }
    flood = event_log_await(&supervised.log, 1, "{'event':'flood'}");
    /* Otherwise the next worker would get the request. */
    http_reset(&flooding);
    event_log_await(&supervised.log, 1,
                    "{'event':'exit','pid':%d,'signal':'SIGKILL',"
                    "'cause':'supervisor'}",
                    (int)event_number(flood, "pid"));
    http_expect_hello(supervised.port);
    supervised_drain(&supervised);
    supervised_finish_cut_short(&supervised);
}
END_TEST

/* Each request sends one message, which is not a flood. */
START_TEST(workers_that_count_without_a_pause_are_not_killed)
{
    enum { COUNTS = 2000 };
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 %s",
                     kinds_of_pool[_i]);
    http_expect_connect(&client, supervised.port);
    for (int i = 0; i < COUNTS; i++)
        http_expect_page(&client, "/count", "0\n");
    http_disconnect(&client);
    supervised_drain(&supervised);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'flood'}"), 0);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'exit'}"), 1);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("flood");

    tcase_add_loop_test(
        cases, worker_that_floods_is_killed_while_another_client_is_served, 0,
        3);
    tcase_add_loop_test(
        cases, workers_that_count_without_a_pause_are_not_killed, 0, 3);
    return suite_run(cases, "flood");
}
