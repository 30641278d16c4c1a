/* SPDX-License-Identifier: MIT */
/* test_restart.c - when the supervisor forks a successor, and when not. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

START_TEST(exit_after_a_response_is_not_delayed)
{
    enum { ANSWERS = 100 };
    struct supervised supervised;

    supervised_start(&supervised, "--workers 2 --restart-intensity 3/5s");
    for (int i = 0; i < ANSWERS; i++)
        http_expect_hello(supervised.port);
    event_log_await(&supervised.log, ANSWERS - 1,
                    "{'event':'exit','code':1,'responses':1,'delay_ms':0}");
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'crash-loop'}"), 0);
    supervised_finish(&supervised);
}
END_TEST

static const struct {
    const char *kind;
    double delays_ms[5]; /* after the first failure, the second ... */
} backoffs[] = {
    { "none", { 0, 0, 0, 0, 0 } },
    { "constant", { 0, 20, 20, 20, 20 } },
    { "exponential", { 0, 20, 40, 80, 100 } },
};
#define BACKOFFS (int)(sizeof(backoffs) / sizeof(*backoffs))

/* The delay after the n-th failure is not only logged: the successor is forked
 * at least that much later than the worker that failed.  (1 %: the log has the
 * time of day, which may be slewed.) */
static void expect_delay(struct event_log *log, size_t nth, double delay_ms)
{
    const cJSON *failed = event_log_await(log, nth, "{'event':'fork'}");
    const cJSON *next = event_log_await(log, nth + 1, "{'event':'fork'}");
    double passed_ms =
        1000 * (event_number(next, "time") - event_number(failed, "time"));

    ck_assert_msg(passed_ms >= 0.99 * delay_ms,
                  "failure %zu: %g ms passed, not %g", nth, passed_ms,
                  delay_ms);
}

START_TEST(deaths_before_a_response_are_delayed_by_the_backoff)
{
    struct supervised supervised;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --faults --crash-at-start "
                     "--backoff %s --backoff-base 20ms --backoff-cap 100ms",
                     backoffs[_i].kind);
    for (size_t i = 0; i < 5; i++) {
        const cJSON *exit = event_log_await(
            &supervised.log, i + 1, "{'event':'exit','code':1,'responses':0}");
        double delay_ms = event_number(exit, "delay_ms");

        ck_assert_msg(delay_ms == backoffs[_i].delays_ms[i],
                      "%s, failure %zu: %g ms instead of %g", backoffs[_i].kind,
                      i + 1, delay_ms, backoffs[_i].delays_ms[i]);
        expect_delay(&supervised.log, i + 1, delay_ms);
    }
    supervised_finish(&supervised);
}
END_TEST

/* With the same seed the delays are always the same. */
START_TEST(jitter_is_random_below_the_exponential_delay)
{
    static const double max_ms[] = { 0, 20, 40, 80, 100, 100 };
    struct supervised supervised;
    int between = 0;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --faults --crash-at-start "
                     "--backoff jitter --backoff-base 20ms --backoff-cap 100ms "
                     "--seed 7");
    for (size_t i = 0; i < sizeof(max_ms) / sizeof(*max_ms); i++) {
        const cJSON *exit =
            event_log_await(&supervised.log, i + 1, "{'event':'exit'}");

        double delay_ms = event_number(exit, "delay_ms");

        ck_assert(delay_ms <= max_ms[i]);
        expect_delay(&supervised.log, i + 1, delay_ms);
        between += delay_ms > 0 && delay_ms < max_ms[i];
    }
    ck_assert_int_eq(between, 5);
    supervised_finish(&supervised);
}
END_TEST

/* Sends requests that crash their workers, one after the other, until the
 * supervisor logs a crash loop.  A kill would not count as a failure. */
static const cJSON *crash_until_crash_loop(struct supervised *supervised)
{
    struct deadline deadline = deadline_start();
    const cJSON *verdict = NULL;

    for (int number = 0; !verdict; number++) {
        struct http_client client;
        char request[80];

        snprintf(request, sizeof(request),
                 "GET /?fault=abort&n=%d HTTP/1.1\r\nHost: t\r\n\r\n", number);
        http_expect_ask(&client, supervised->port, request);
        while (!(verdict = event_log_find(&supervised->log, 1,
                                          "{'event':'crash-loop'}")) &&
               !http_has_answer(&client))
            ck_assert_msg(deadline_nap(deadline), "no crash-loop event");
        http_disconnect(&client);
    }
    return verdict;
}

#define FRAGILE                                                                \
    "--workers 2 --spares 0 --exit-after 0 --backoff none --faults "           \
    "--restart-intensity 5/60s --healthy-after 60s "

START_TEST(probe_that_responds_ends_the_crash_loop)
{
    struct supervised supervised;
    const cJSON *verdict;

    supervised_start(&supervised, FRAGILE "--on-crash-loop probe");
    verdict = crash_until_crash_loop(&supervised);
    ck_assert_str_eq(event_text(verdict, "answer"), "probe");
    ck_assert(event_number(verdict, "failures") > 5);
    ck_assert(event_number(verdict, "window_ms") == 60000);
    /* No request crashes workers any more, so the canary will answer. */
    while (!event_log_find(&supervised.log, 1, "{'event':'resume'}"))
        http_expect_hello(supervised.port);
    supervised_await_workers(&supervised, 2);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(give_up_drains_and_exits_with_70)
{
    struct supervised supervised;

    supervised_start(&supervised, "--workers 2 --faults --crash-at-start "
                                  "--backoff none --on-crash-loop give-up");
    ck_assert_int_eq(supervised_wait(&supervised), 70);
    ck_assert_uint_eq(
        event_log_count(&supervised.log,
                        "{'event':'crash-loop','answer':'give-up'}"),
        1);
    supervised_finish_ended(&supervised, 70);
}
END_TEST

START_TEST(hold_waits_for_sighup)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised,
                     FRAGILE "--on-crash-loop hold --queue-timeout 60m");
    crash_until_crash_loop(&supervised);
    supervised_kill_all(&supervised);
    supervised_await_workers(&supervised, 0);
    http_expect_ask(&client, supervised.port,
                    "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    ck_assert(!http_has_answer(&client));
    supervised_signal(&supervised, SIGHUP);
    event_log_await(&supervised.log, 1, "{'event':'resume'}");
    http_expect_answer(&client, 200, "");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(at_most_max_starting_workers_start_at_the_same_time)
{
    struct supervised supervised;
    int starting = 0;

    supervised_start(&supervised, "--workers 12 --spares 2 --max-starting 2");
    supervised_await_online(&supervised, 14);
    for (int i = 0; i < 5; i++) {
        supervised_kill_all(&supervised);
        supervised_await_workers(&supervised, 14);
    }
    supervised_await_online(&supervised, 14 * 2);
    for (size_t i = 0; i < supervised.log.count; i++) {
        const cJSON *event = supervised.log.events[i];
        const char *name = event_text(event, "event");

        starting += strcmp(name, "fork") == 0;
        starting -= strcmp(name, "online") == 0;
        if (strcmp(name, "exit") == 0 &&
            !event_log_find(&supervised.log, 1, "{'event':'online','pid':%d}",
                            (int)event_number(event, "pid")))
            starting--;
        ck_assert_int_le(starting, 2);
    }
    supervised_finish(&supervised);
}
END_TEST

START_TEST(respawn_never_ends_with_the_listener_closed)
{
    enum { WORKERS = 3 };
    struct supervised supervised;

    supervised_start(&supervised,
                     "--workers %d --spares 0 --respawn never --exit-after 1",
                     WORKERS);
    for (int i = 0; i < WORKERS; i++) {
        ck_assert_int_gt(supervised.pid, 0);
        http_expect_hello(supervised.port);
    }
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    ck_assert(!http_can_connect(supervised.port));
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'fork'}"),
                      WORKERS);
    ck_assert_uint_eq(
        event_log_count(&supervised.log,
                        "{'event':'exit','responses':1,'delay_ms':null}"),
        WORKERS);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(respawn_on_failure_replaces_a_killed_worker_but_not_an_exit_0)
{
    struct supervised supervised;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-code 0 "
                                  "--respawn on-failure --exit-after 2");
    supervised_await_online(&supervised, 1);
    ck_assert_uint_eq(supervised_kill_all(&supervised), 1);
    http_expect_hello(supervised.port);
    http_expect_hello(supervised.port);
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'fork'}"), 2);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(worker_serves_until_its_exit_delay_is_over)
{
    struct supervised supervised;
    pid_t first;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-delay 60m "
                                  "--drain-timeout 100ms");
    first = http_expect_hello(supervised.port);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(http_expect_hello(supervised.port), first);
    supervised_finish(&supervised);

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-delay 100ms");
    first = http_expect_hello(supervised.port);
    ck_assert(event_number(event_log_await(&supervised.log, 1,
                                           "{'event':'exit','code':1,"
                                           "'signal':null,'pid':%d}",
                                           (int)first),
                           "uptime_ms") >= 100);
    http_expect_hello(supervised.port);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("restart policy");

    tcase_add_test(cases, exit_after_a_response_is_not_delayed);
    tcase_add_loop_test(cases,
                        deaths_before_a_response_are_delayed_by_the_backoff, 0,
                        BACKOFFS);
    tcase_add_test(cases, jitter_is_random_below_the_exponential_delay);
    tcase_add_test(cases, probe_that_responds_ends_the_crash_loop);
    tcase_add_test(cases, give_up_drains_and_exits_with_70);
    tcase_add_test(cases, hold_waits_for_sighup);
    tcase_add_test(cases, at_most_max_starting_workers_start_at_the_same_time);
    tcase_add_test(cases, respawn_never_ends_with_the_listener_closed);
    tcase_add_test(
        cases, respawn_on_failure_replaces_a_killed_worker_but_not_an_exit_0);
    tcase_add_test(cases, worker_serves_until_its_exit_delay_is_over);
    return suite_run(cases, "restart");
}
