/* SPDX-License-Identifier: MIT */
/* test_signals.c - what signals do to the supervisor, and to its workers. */
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
/* Of the last two a connection ends with its worker. */
#define KEPT (HANDOFFS - 2)

/* Two requests at once: when the first is answered, the second is known to be
 * with the supervisor. */
static void put_in_hand(struct http_client *client, int port,
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

static void answers_then_ends(const char *options, int signal)
{
    struct supervised supervised;
    struct http_client client, idle;

    supervised_start(&supervised, "%s", options);
    http_expect_connect(&idle, supervised.port);
    http_expect_page(&idle, "/", "");
    put_in_hand(&client, supervised.port, "/?sleep=500ms&t=last.");
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

START_TEST(term_lets_the_request_in_hand_be_answered)
{
    answers_then_ends(handoffs[_i], SIGTERM);
}
END_TEST

START_TEST(int_does_the_same)
{
    answers_then_ends(handoffs[_i], SIGINT);
}
END_TEST

START_TEST(a_worker_that_dies_while_draining_loses_nothing)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s", handoffs[_i]);
    put_in_hand(&client, supervised.port, "/?sleep=500ms&t=last.");
    supervised_signal(&supervised, SIGTERM);
    event_log_await(&supervised.log, 1, "{'event':'shutdown'}");
    supervised_kill_all(&supervised);
    http_expect_answer(&client, 200, "t=last.");
    http_disconnect(&client);
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

START_TEST(the_drain_timeout_ends_what_takes_too_long)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s --drain-timeout 100ms", handoffs[_i]);
    put_in_hand(&client, supervised.port, "/?sleep=60s");
    supervised_drain(&supervised);
    http_disconnect(&client);
    supervised_finish_cut_short(&supervised);
}
END_TEST

START_TEST(a_second_int_stops_at_once)
{
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised, "%s --drain-timeout 60m", handoffs[_i]);
    put_in_hand(&client, supervised.port, "/?sleep=60s");
    supervised_signal(&supervised, SIGINT);
    event_log_await(&supervised.log, 1, "{'event':'shutdown'}");
    ck_assert(!http_has_answer(&client));
    supervised_signal(&supervised, SIGINT);
    supervised_wait(&supervised);
    http_disconnect(&client);
    supervised_finish_cut_short(&supervised);
}
END_TEST

START_TEST(other_signals_harm_nothing)
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

/* Whatever a worker does with it, its clients do not notice. */
START_TEST(signals_to_workers_cost_no_request)
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
    /* A sanitizer may have had its say about SIGSEGV. */
    ck_assert_int_eq(supervised_drain(&supervised), 0);
    event_log_close(&supervised.log);
}
END_TEST

START_TEST(the_supervisors_sudden_death_leaves_no_worker)
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

/* Also workers that are stopped, or busy. */
START_TEST(a_stopped_worker_does_not_outlive_its_supervisor)
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

    tcase_add_loop_test(cases, term_lets_the_request_in_hand_be_answered, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, int_does_the_same, 0, HANDOFFS);
    tcase_add_loop_test(cases, a_worker_that_dies_while_draining_loses_nothing,
                        0, KEPT);
    tcase_add_loop_test(cases, the_drain_timeout_ends_what_takes_too_long, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, a_second_int_stops_at_once, 0, HANDOFFS);
    tcase_add_loop_test(cases, other_signals_harm_nothing, 0, HANDOFFS);
    tcase_add_loop_test(cases, signals_to_workers_cost_no_request, 0, KEPT);
    tcase_add_loop_test(cases, the_supervisors_sudden_death_leaves_no_worker, 0,
                        HANDOFFS);
    tcase_add_loop_test(cases, a_stopped_worker_does_not_outlive_its_supervisor,
                        0, HANDOFFS);
    return suite_run(cases, "signals");
}
