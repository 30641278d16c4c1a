/* SPDX-License-Identifier: MIT */
/* test_schedule_ends.c - the orderly exit of workers that accept
 * connections themselves. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>

static const char *const schedules[] = {
    "--schedule shared",
    "--schedule reuseport",
    "--schedule reuseport --keep-listeners",
};
#define SCHEDULES (int)(sizeof(schedules) / sizeof(*schedules))
#define REUSEPORT 1

START_TEST(worker_closes_its_connections_after_its_last_response)
{
    enum { ASKED = 30 };
    struct deadline deadline = deadline_start();
    struct supervised supervised;
    int answered = 0;

    supervised_start(&supervised, "--workers 2 --spares 1 --exit-after 1 %s",
                     schedules[_i]);
    while (answered < ASKED) {
        struct http_client client;
        struct http_answer answer;
        enum http_outcome outcome = http_connect(&client, supervised.port);

        if (outcome == HTTP_ANSWERED)
            outcome = http_get(&client, "/", &answer);
        if (outcome == HTTP_ANSWERED) {
            ck_assert_int_eq(answer.status, 200);
            ck_assert(!answer.keep_alive);
            http_expect_close(&client);
            http_answer_free(&answer);
            answered++;
        } else {
            /* Without --keep-listeners a listener may be closing, or there
             * may be none. */
            ck_assert_int_eq(_i, REUSEPORT);
            ck_assert(deadline_nap(deadline));
        }
        http_disconnect(&client);
    }
    event_log_await(&supervised.log, 5, "{'event':'exit','code':1}");
    supervised_finish(&supervised);
}
END_TEST

#define WAITING 5

/* Lets connections wait in the listener while `worker` is stopped.  Before the
 * worker continues, `signal` makes the supervisor ask it to leave. */
static void let_wait(struct supervised *supervised, pid_t worker, int signal,
                     struct http_client clients[WAITING])
{
    struct deadline deadline = deadline_start();

    ck_assert(process_signal_safely(worker, supervised->pid, SIGSTOP));
    while (process_state(worker) != 'T')
        ck_assert(deadline_nap(deadline));
    for (int i = 0; i < WAITING; i++) {
        http_expect_ask(&clients[i], supervised->port,
                        "GET /?t=w. HTTP/1.1\r\nHost: t\r\n\r\n");
    }
    supervised_signal(supervised, signal);
    event_log_await(&supervised->log, 1, "{'event':'disconnect'}");
    ck_assert(process_signal_safely(worker, supervised->pid, SIGCONT));
}

static void expect_last_answers(struct http_client clients[WAITING])
{
    for (int i = 0; i < WAITING; i++) {
        http_expect_answer(&clients[i], 200, "t=w.");
        http_expect_close(&clients[i]);
        http_disconnect(&clients[i]);
    }
}

START_TEST(waiting_connections_are_answered_before_shutdown)
{
    struct supervised supervised;
    struct http_client clients[WAITING], idle;
    pid_t worker;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 %s",
                     schedules[_i]);
    worker = http_expect_hello(supervised.port);
    http_expect_connect(&idle, supervised.port);
    http_expect_page(&idle, "/", "");
    let_wait(&supervised, worker, SIGTERM, clients);
    expect_last_answers(clients);
    http_expect_close(&idle);
    http_disconnect(&idle);
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* The worker has no other connection; it must not exit when the first of the
 * waiting ones ends. */
START_TEST(waiting_connections_are_answered_before_a_reload)
{
    struct supervised supervised;
    struct http_client clients[WAITING];
    pid_t worker;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 %s",
                     schedules[REUSEPORT]);
    worker = http_expect_hello(supervised.port);
    let_wait(&supervised, worker, SIGUSR2, clients);
    expect_last_answers(clients);
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    supervised_finish(&supervised);
}
END_TEST

START_TEST(reload_renews_every_worker)
{
    enum { WORKERS = 3 };
    struct supervised supervised;

    supervised_start(&supervised, "--workers %d --spares 1 --exit-after 0 %s",
                     WORKERS, schedules[_i]);
    supervised_await_online(&supervised, WORKERS + 1);
    http_expect_hello(supervised.port);
    supervised_signal(&supervised, SIGUSR2);
    event_log_await(&supervised.log, WORKERS + 1,
                    "{'event':'exit','voluntary':true}");
    http_expect_hello(supervised.port);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(port_closes_with_the_last_worker_without_respawn)
{
    struct supervised supervised;

    supervised_start(&supervised,
                     "--workers 2 --spares 0 --exit-after 0 --respawn never %s",
                     schedules[_i]);
    supervised_await_online(&supervised, 2);
    http_expect_hello(supervised.port);
    ck_assert_uint_eq(supervised_kill_all(&supervised), 2);
    ck_assert_int_eq(supervised_wait(&supervised), 0);
    ck_assert(!http_can_connect(supervised.port));
    supervised_finish_cut_short(&supervised);
}
END_TEST

START_TEST(crash_loop_is_detected)
{
    struct supervised supervised;

    supervised_start(&supervised,
                     "--workers 2 --faults --crash-at-start --backoff none "
                     "--on-crash-loop give-up %s",
                     schedules[_i]);
    ck_assert_int_eq(supervised_wait(&supervised), 70);
    supervised_finish_ended(&supervised, 70);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("schedule ends");

    tcase_add_loop_test(cases,
                        worker_closes_its_connections_after_its_last_response,
                        0, SCHEDULES);
    tcase_add_loop_test(cases, waiting_connections_are_answered_before_shutdown,
                        0, SCHEDULES);
    tcase_add_test(cases, waiting_connections_are_answered_before_a_reload);
    tcase_add_loop_test(cases, reload_renews_every_worker, 0, SCHEDULES);
    tcase_add_loop_test(cases, port_closes_with_the_last_worker_without_respawn,
                        0, SCHEDULES);
    tcase_add_loop_test(cases, crash_loop_is_detected, 0, SCHEDULES);
    return suite_run(cases, "schedule ends");
}
