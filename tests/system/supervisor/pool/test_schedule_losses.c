/* SPDX-License-Identifier: MIT */
/* test_schedule_losses.c - what a death loses when workers accept connections
 * themselves: the negative control of the handoff. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kill_load.h"
#include <signal.h>

static const struct {
    const char *options;
    bool queue_outlives; /* the worker: waiting connections are answered */
} schedules[] = {
    { "--schedule shared", true },
    { "--schedule reuseport", false },
    { "--schedule reuseport --keep-listeners", true },
};
#define SCHEDULES (int)(sizeof(schedules) / sizeof(*schedules))

/* The losses in the totals equal those in the exit events. */
static void finish(struct supervised *supervised)
{
    const cJSON *totals, *event;
    double connections = 0, requests = 0;

    if (supervised->pid > 0)
        ck_assert_int_eq(supervised_drain(supervised), 0);
    totals = supervised_totals(supervised);
    for (size_t i = 1;
         (event = event_log_find(&supervised->log, i, "{'event':'exit'}"));
         i++) {
        connections += event_number(event, "lost");
        requests += event_number(event, "unfinished");
    }
    ck_assert(event_number(totals, "connections.lost") == connections);
    ck_assert(event_number(totals, "requests.lost") == requests);
    ck_assert(event_number(totals, "requests.answered_after_retry") == 0);
    supervised_finish_cut_short(supervised);
}

static bool is_over(enum http_outcome outcome)
{
    return outcome == HTTP_RESET || outcome == HTTP_CLOSED;
}

/* ---- Connections of a worker ---- */

START_TEST(worker_death_loses_its_connections)
{
    struct supervised supervised;
    struct http_client busy, idle;
    struct http_answer answer;
    const cJSON *event;
    pid_t worker;

    supervised_start(&supervised, "--workers 1 --spares 1 --exit-after 0 %s",
                     schedules[_i].options);
    supervised_await_online(&supervised, 2);
    http_expect_connect(&idle, supervised.port);
    http_expect_get(&idle, "/", 200, &answer);
    worker = (pid_t)http_answer_number(&answer, "pid");
    http_answer_free(&answer);
    http_expect_ask(&busy, supervised.port,
                    "GET / HTTP/1.1\r\nHost: t\r\n\r\n"
                    "GET /?sleep=60s HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_answer(&busy, 200, "");
    /* Later requests are answered, so the earlier one has begun.  The last of
     * these responses may still be in state committed when the worker dies. */
    for (int i = 0; i < 5; i++)
        http_expect_page(&idle, "/", "");
    ck_assert(supervised_kill(&supervised, worker));
    event = event_log_await(&supervised.log, 1, "{'event':'exit','pid':%d}",
                            worker);
    ck_assert(event_number(event, "unfinished") == 1 ||
              event_number(event, "unfinished") == 2);
    ck_assert(event_number(event, "lost") == 2);
    ck_assert_ptr_nonnull(event_text(event, "request"));
    ck_assert(is_over(http_receive(&busy, false, &answer)));
    ck_assert(is_over(http_receive(&idle, false, &answer)));
    http_disconnect(&busy);
    http_disconnect(&idle);
    event_log_await(&supervised.log, 1, "{'event':'promote'}");
    ck_assert(http_expect_hello(supervised.port) != worker);
    finish(&supervised);
}
END_TEST

START_TEST(kills_lose_requests)
{
    const struct kill_load kill_load = { .clients = 16,
                                         .keep_alive = _i & 1,
                                         .query = "sleep=5ms",
                                         .kills = 100000,
                                         .losses = 30 };
    struct supervised supervised;
    struct kill_load_result result;
    const cJSON *totals;

    supervised_start(&supervised, "--workers 4 --spares 1 --exit-after 0 %s",
                     schedules[_i / 2].options);
    result = kill_load_run(&supervised, &kill_load);
    ck_assert_uint_ge(kill_load_lost(&result), kill_load.losses);
    ck_assert_uint_eq(result.wrong, 0);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "requests.lost") > 0);
    /* A response counts as lost if the worker dies right after it sent the
     * response. */
    ck_assert(event_number(totals, "requests.answered") +
                  event_number(totals, "requests.lost") >=
              (double)result.right);
    ck_assert(event_number(totals, "invalid") == 0);
    finish(&supervised);
}
END_TEST

/* ---- Connections in the listener ---- */

static void stop(const struct supervised *supervised, pid_t worker)
{
    struct deadline deadline = deadline_start();

    ck_assert(process_signal_safely(worker, supervised->pid, SIGSTOP));
    while (process_state(worker) != 'T')
        ck_assert(deadline_nap(deadline));
}

START_TEST(waiting_connections_are_lost_only_with_their_listener)
{
    enum { WAITING = 5 };
    struct supervised supervised;
    struct http_client clients[WAITING];
    struct http_answer answer;
    pid_t worker;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 %s",
                     schedules[_i].options);
    worker = http_expect_hello(supervised.port);
    stop(&supervised, worker);
    for (int i = 0; i < WAITING; i++) {
        http_expect_ask(&clients[i], supervised.port,
                        "GET /?t=w. HTTP/1.1\r\nHost: t\r\n\r\n");
    }
    ck_assert(supervised_kill(&supervised, worker));
    for (int i = 0; i < WAITING; i++) {
        if (schedules[_i].queue_outlives)
            http_expect_answer(&clients[i], 200, "t=w.");
        else
            ck_assert(is_over(http_receive(&clients[i], false, &answer)));
        http_disconnect(&clients[i]);
    }
    event_log_await(&supervised.log, 2, "{'event':'online'}");
    http_expect_hello(supervised.port);
    finish(&supervised);
}
END_TEST

START_TEST(kept_listener_queues_connections_until_a_worker_is_online)
{
    struct supervised supervised;
    struct http_client client;

    if (!schedules[_i].queue_outlives)
        return;
    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 %s",
                     schedules[_i].options);
    http_expect_hello(supervised.port);
    for (int i = 0; i < 10; i++) {
        supervised_kill_all(&supervised);
        http_expect_ask(&client, supervised.port,
                        "GET /?t=w. HTTP/1.1\r\nHost: t\r\n\r\n");
        http_expect_answer(&client, 200, "t=w.");
        http_disconnect(&client);
    }
    finish(&supervised);
}
END_TEST

/* ---- Faults of a worker ---- */

START_TEST(hung_worker_is_killed_and_its_connection_is_lost)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --exit-after 0 --faults "
                     "--request-timeout 300ms %s",
                     schedules[_i].options);
    http_expect_ask(&client, supervised.port,
                    "GET /?fault=hang HTTP/1.1\r\nHost: t\r\n\r\n");
    ck_assert(is_over(http_receive(&client, false, &answer)));
    http_disconnect(&client);
    event_log_await(&supervised.log, 1, "{'event':'hang'}");
    event_log_await(&supervised.log, 1,
                    "{'event':'exit','cause':'hang','lost':1,'unfinished':1}");
    event_log_await(&supervised.log, 2, "{'event':'online'}");
    http_expect_hello(supervised.port);
    finish(&supervised);
}
END_TEST

START_TEST(request_that_crashed_max_attempts_workers_is_refused)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;

    supervised_start(&supervised,
                     "--workers 2 --spares 2 --exit-after 0 --faults "
                     "--backoff none --max-attempts 2 %s",
                     schedules[_i].options);
    supervised_await_online(&supervised, 4);
    for (size_t i = 1; i <= 3; i++) {
        http_expect_ask(&client, supervised.port,
                        "GET /?fault=segv HTTP/1.1\r\nHost: t\r\n\r\n");
        if (i == 3) {
            http_expect_answer(&client, 503, "");
        } else {
            ck_assert(is_over(http_receive(&client, false, &answer)));
            event_log_await(&supervised.log, i,
                            "{'event':'exit','signal':'SIGSEGV'}");
            event_log_await(&supervised.log, 4 + i, "{'event':'online'}");
        }
        http_disconnect(&client);
    }
    event_log_await(&supervised.log, 1,
                    "{'event':'quarantine','request':"
                    "'GET /?fault=segv HTTP/1.1'}");
    http_expect_hello(supervised.port);
    finish(&supervised);
}
END_TEST

START_TEST(counts_of_a_rogue_worker_are_rejected)
{
    struct supervised supervised;
    struct http_client client;
    struct http_answer answer;
    const cJSON *totals;

    supervised_start(&supervised,
                     "--workers 1 --spares 1 --exit-after 0 --faults %s",
                     schedules[_i].options);
    supervised_await_online(&supervised, 2);
    http_expect_ask(&client, supervised.port,
                    "GET /?fault=corrupt HTTP/1.1\r\nHost: t\r\n\r\n");
    ck_assert(is_over(http_receive(&client, false, &answer)));
    http_disconnect(&client);
    event_log_await(&supervised.log, 1, "{'event':'record-invalid'}");
    event_log_await(&supervised.log, 1, "{'event':'promote'}");
    http_expect_hello(supervised.port);
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "invalid") == 1);
    ck_assert(event_number(totals, "requests.answered") == 1);
    finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("schedule losses");

    tcase_add_loop_test(cases, worker_death_loses_its_connections, 0,
                        SCHEDULES);
    tcase_add_loop_test(cases, kills_lose_requests, 0, 2 * SCHEDULES);
    tcase_add_loop_test(cases,
                        waiting_connections_are_lost_only_with_their_listener,
                        0, SCHEDULES);
    tcase_add_test(cases,
                   kept_listener_queues_connections_until_a_worker_is_online);
    tcase_add_loop_test(cases, hung_worker_is_killed_and_its_connection_is_lost,
                        0, SCHEDULES);
    tcase_add_loop_test(cases,
                        request_that_crashed_max_attempts_workers_is_refused, 0,
                        SCHEDULES);
    tcase_add_loop_test(cases, counts_of_a_rogue_worker_are_rejected, 0,
                        SCHEDULES);
    return suite_run(cases, "schedule losses");
}
