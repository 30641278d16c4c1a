/* SPDX-License-Identifier: MIT */
/* test_signals.c - the effect of signals on the supervisor and its workers. */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>
#include <string.h>

static const char *const handoffs[] = {
    "--workers 2 --exit-after 1 --handoff request",
    "--workers 2 --exit-after 0 --handoff request",
    "--workers 2 --exit-after 0 --handoff connection",
    "--workers 2 --exit-after 0 --schedule shared",
    "--workers 2 --exit-after 0 --schedule reuseport",
};
#define HANDOFFS (int)(sizeof(handoffs) / sizeof(*handoffs))
/* Without the last two, where a connection ends with its worker. */
#define KEPT (HANDOFFS - 2)

/* Sends two requests together: when the first is answered, the second has
 * arrived. */
static void send_two_requests(struct http_client *client, int port,
                              const char *target)
{
    char text[256];

    snprintf(text, sizeof(text),
             "GET / HTTP/1.1\r\nHost: t\r\n\r\n"
             "GET %s HTTP/1.1\r\nHost: t\r\n\r\n",
             target);
    http_expect_connect(client, port);
    http_expect_send(client, text);
    http_expect_answer(client, 200, "");
}

static void expect_answer_then_end(const char *options, int signal)
{
    struct supervised supervised;
    struct http_client client, idle;

    supervised_start(&supervised, "%s", options);
    http_expect_connect(&idle, supervised.port);
    http_expect_page(&idle, "/", "");
    send_two_requests(&client, supervised.port, "/?sleep=500ms&t=last.");
    supervised_signal(&supervised, signal);
    event_log_await(&supervised.log, 1, "{'event':'shutdown'}");
    http_expect_answer(&client, 200, "t=last.");
    http_expect_close(&client);
    http_expect_close(&idle);
    http_disconnect(&client);
    http_disconnect(&idle);
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    supervised_finish_ended(&supervised, 0);
}

START_TEST(sigterm_lets_the_current_request_finish)
{
    expect_answer_then_end(handoffs[_i], SIGTERM);
}
END_TEST

START_TEST(sigint_lets_the_current_request_finish)
{
    expect_answer_then_end(handoffs[_i], SIGINT);
}
END_TEST

START_TEST(worker_that_dies_while_draining_loses_no_request)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", handoffs[_i]);
    send_two_requests(&client, supervised.port, "/?sleep=500ms&t=last.");
    supervised_signal(&supervised, SIGTERM);
    event_log_await(&supervised.log, 1, "{'event':'shutdown'}");
    supervised_kill_all(&supervised);
    http_expect_answer(&client, 200, "t=last.");
    http_disconnect(&client);
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(drain_timeout_ends_slow_requests)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s --drain-timeout 100ms", handoffs[_i]);
    send_two_requests(&client, supervised.port, "/?sleep=60s");
    supervised_drain(&supervised);
    http_disconnect(&client);
    supervised_finish_cut_short(&supervised);
}
END_TEST

/* The supervisor accepts only some connections in one turn of its loop, so some
 * are not accepted yet when it handles the signal. */
START_TEST(connections_in_the_backlog_are_answered_before_the_end)
{
    enum { WAITING = 200 };
    static struct http_client clients[WAITING];
    struct supervised supervised;

    supervised_start(&supervised, "%s", handoffs[_i]);
    supervised_signal(&supervised, SIGSTOP);
    for (int i = 0; i < WAITING; i++)
        http_expect_ask(&clients[i], supervised.port,
                        "GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    supervised_signal(&supervised, SIGTERM);
    supervised_signal(&supervised, SIGCONT);
    for (int i = 0; i < WAITING; i++) {
        http_expect_answer(&clients[i], 200, "");
        http_disconnect(&clients[i]);
    }
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(second_sigint_stops_immediately)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s --drain-timeout 60m", handoffs[_i]);
    send_two_requests(&client, supervised.port, "/?sleep=60s");
    supervised_signal(&supervised, SIGINT);
    event_log_await(&supervised.log, 1, "{'event':'shutdown'}");
    ck_assert(!http_has_answer(&client));
    supervised_signal(&supervised, SIGINT);
    supervised_wait(&supervised);
    http_disconnect(&client);
    supervised_finish_cut_short(&supervised);
}
END_TEST

START_TEST(other_signals_lose_no_request)
{
    static const int others[] = { SIGHUP,  SIGUSR1, SIGUSR2,  SIGPIPE,
                                  SIGALRM, SIGCHLD, SIGWINCH, SIGCONT };
    struct supervised supervised;

    supervised_start(&supervised, "%s", handoffs[_i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        http_expect_hello(supervised.port);
        supervised_signal(&supervised, others[i]);
        http_expect_hello(supervised.port);
    }
    supervised_finish(&supervised);
}
END_TEST

/* A worker may ignore the signal or die of it; no client notices. */
START_TEST(signals_to_workers_lose_no_request)
{
    static const int signals[] = { SIGTERM, SIGINT,  SIGHUP,  SIGQUIT,
                                   SIGUSR1, SIGPIPE, SIGSEGV, SIGABRT };
    struct supervised supervised;
    struct http_client client;
    pid_t workers[SUPERVISED_WORKERS_MAX];

    supervised_start(&supervised, "%s", handoffs[_i]);
    http_expect_connect(&client, supervised.port);
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        size_t count = supervised_workers(&supervised, workers);

        for (size_t j = 0; j < count; j++)
            process_signal_safely(workers[j], supervised.pid, signals[i]);
        http_expect_page(&client, "/", "");
        http_expect_hello(supervised.port);
    }
    http_disconnect(&client);
    /* A sanitizer may have written a report about SIGSEGV, so the output is
     * not checked. */
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    event_log_close(&supervised.log);
}
END_TEST

START_TEST(no_worker_outlives_a_killed_supervisor)
{
    struct supervised supervised;

    supervised_start(&supervised, "%s", handoffs[_i]);
    supervised_await_online(&supervised, 3);
    http_expect_hello(supervised.port);
    supervised_signal(&supervised, SIGKILL);
    ck_assert_int_eq(supervised_wait(&supervised), -1);
    ck_assert(!http_can_connect(supervised.port));
    event_log_close(&supervised.log);
    run_folder_remove(&supervised.folder);
}
END_TEST

START_TEST(stopped_worker_does_not_outlive_its_supervisor)
{
    struct supervised supervised;
    pid_t workers[SUPERVISED_WORKERS_MAX];
    size_t count;

    supervised_start(&supervised, "%s", handoffs[_i]);
    supervised_await_online(&supervised, 3);
    count = supervised_workers(&supervised, workers);
    for (size_t i = 0; i < count; i++)
        process_signal_safely(workers[i], supervised.pid, SIGSTOP);
    supervised_signal(&supervised, SIGKILL);
    ck_assert_int_eq(supervised_wait(&supervised), -1);
    event_log_close(&supervised.log);
    run_folder_remove(&supervised.folder);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("signals");

    tcase_add_loop_test(cases, sigterm_lets_the_current_request_finish, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, sigint_lets_the_current_request_finish, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, worker_that_dies_while_draining_loses_no_request,
                        0, KEPT);
    tcase_add_loop_test(cases, drain_timeout_ends_slow_requests, 0, HANDOFFS);
    tcase_add_loop_test(
        cases, connections_in_the_backlog_are_answered_before_the_end, 0, KEPT);
    tcase_add_loop_test(cases, second_sigint_stops_immediately, 0, HANDOFFS);
    tcase_add_loop_test(cases, other_signals_lose_no_request, 0, HANDOFFS);
    tcase_add_loop_test(cases, signals_to_workers_lose_no_request, 0, KEPT);
    tcase_add_loop_test(cases, no_worker_outlives_a_killed_supervisor, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, stopped_worker_does_not_outlive_its_supervisor,
                        0, HANDOFFS);
    return suite_run(cases, "signals");
}
