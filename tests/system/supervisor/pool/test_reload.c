/* SPDX-License-Identifier: MIT */
/* test_reload.c - SIGUSR2 replaces all workers, one after the other. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>

static const char *const kinds[] = {
    "--workers 3 --spares 1 --exit-after 0 --handoff connection",
    "--workers 3 --spares 1 --exit-after 0 --handoff request",
    "--workers 3 --spares 0 --exit-after 0 --respawn never",
};
#define KINDS (int)(sizeof(kinds) / sizeof(*kinds))

START_TEST(reload_renews_every_worker_and_no_client_notices)
{
    struct supervised supervised;
    struct http_client kept, slow;
    pid_t before[SUPERVISED_WORKERS_MAX];
    size_t count;

    supervised_start(&supervised, "%s", kinds[_i]);
    http_expect_hello(supervised.port);
    supervised_await_online(&supervised, 3);
    http_expect_connect(&kept, supervised.port);
    http_expect_page(&kept, "/", "");
    /* It may not be repeated: a worker that exited too early would cost it. */
    http_expect_ask(&slow, supervised.port,
                    "POST /?sleep=300ms&t=slow. HTTP/1.1\r\nHost: t\r\n\r\n");
    count = supervised_workers(&supervised, before);
    supervised_signal(&supervised, SIGUSR2);
    while (event_log_count(&supervised.log, "{'event':'reloaded'}") == 0)
        http_expect_page(&kept, "/", "");
    http_expect_answer(&slow, 200, "t=slow.");
    for (size_t i = 0; i < count; i++)
        event_log_await(&supervised.log, 1,
                        "{'event':'exit','pid':%d,'code':0,'voluntary':true,"
                        "'cause':'supervisor'}",
                        (int)before[i]);
    /* A worker that a reload replaces has not failed. */
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'failure'}"),
                      0);
    http_disconnect(&kept);
    http_disconnect(&slow);
    supervised_finish(&supervised);
}
END_TEST

/* A spare that the reload will replace must not take a slot meanwhile. */
START_TEST(reload_replaces_each_slot_once_and_forks_each_worker_once)
{
    enum { WORKERS = 3, SPARES = 2, ALL = WORKERS + SPARES };
    struct supervised supervised;
    pid_t before[SUPERVISED_WORKERS_MAX];

    supervised_start(&supervised, "--workers %d --spares %d --exit-after 0",
                     WORKERS, SPARES);
    supervised_await_online(&supervised, ALL);
    ck_assert_uint_eq(supervised_workers(&supervised, before), ALL);
    supervised_signal(&supervised, SIGUSR2);
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    supervised_await_online(&supervised, 2 * ALL);
    for (int i = 0; i < ALL; i++)
        ck_assert_uint_eq(event_log_count(&supervised.log,
                                          "{'event':'promote','pid':%d}",
                                          (int)before[i]),
                          0);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'promote'}"),
                      WORKERS);
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'fork'}"),
                      2 * ALL);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(reload_keeps_old_workers_until_the_new_one_is_online)
{
    struct supervised supervised;
    const cJSON *forked;
    pid_t successor;

    supervised_start(&supervised, "--workers 2 --spares 0 --exit-after 0 "
                                  "--start-delay 200ms --start-timeout 60s");
    supervised_await_online(&supervised, 2);
    supervised_signal(&supervised, SIGUSR2);
    forked = event_log_await(&supervised.log, 3, "{'event':'fork'}");
    successor = (pid_t)event_number(forked, "pid");
    process_signal_safely(successor, supervised.pid, SIGSTOP);
    for (int i = 0; i < 100; i++)
        http_expect_hello(supervised.port);
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'disconnect'}"), 1);
    process_signal_safely(successor, supervised.pid, SIGCONT);
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'disconnect'}"), 2);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(reload_completes_while_workers_exit_on_their_own)
{
    struct supervised supervised;

    supervised_start(&supervised, "--workers 2 --spares 1");
    for (size_t reload = 1; reload <= 3; reload++) {
        http_expect_hello(supervised.port);
        supervised_signal(&supervised, SIGUSR2);
        for (int i = 0; i < 20; i++)
            http_expect_hello(supervised.port);
        event_log_await(&supervised.log, reload, "{'event':'reloaded'}");
    }
    supervised_finish(&supervised);
}
END_TEST

/* The canary has not answered when the reload begins.  If the reload asked it
 * to leave, the supervisor would never fork again. */
START_TEST(reload_during_a_crash_loop_keeps_the_canary)
{
    struct supervised supervised;
    const cJSON *forked;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --exit-after 0 --backoff none "
                     "--restart-intensity 1/60s --healthy-after 60m "
                     "--start-delay 400ms");
    for (size_t nth = 1; nth <= 2; nth++) {
        forked = event_log_await(&supervised.log, nth, "{'event':'fork'}");
        ck_assert(process_signal_safely((pid_t)event_number(forked, "pid"),
                                        supervised.pid, SIGKILL));
    }
    event_log_await(&supervised.log, 1, "{'event':'crash-loop'}");
    event_log_await(&supervised.log, 3, "{'event':'fork'}");
    supervised_signal(&supervised, SIGUSR2);
    supervised_await_online(&supervised, 1);
    http_expect_hello(supervised.port);
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    supervised_finish(&supervised);
}
END_TEST

/* While the first leaving worker is stopped, the test kills the other one,
 * which the reload has not reached yet. */
START_TEST(reload_does_not_wait_for_a_worker_that_is_not_respawned)
{
    struct supervised supervised;
    struct deadline deadline = deadline_start();
    pid_t workers[SUPERVISED_WORKERS_MAX], leaving;

    supervised_start(&supervised, "--workers 2 --spares 0 --exit-after 0 "
                                  "--respawn never");
    supervised_await_online(&supervised, 2);
    ck_assert_uint_eq(supervised_workers(&supervised, workers), 2);
    for (int i = 0; i < 2; i++) {
        ck_assert(process_signal_safely(workers[i], supervised.pid, SIGSTOP));
        while (process_state(workers[i]) != 'T')
            ck_assert(deadline_nap(deadline));
    }
    supervised_signal(&supervised, SIGUSR2);
    leaving = (pid_t)event_number(
        event_log_await(&supervised.log, 1, "{'event':'disconnect'}"), "pid");
    ck_assert(process_signal_safely(workers[workers[0] == leaving],
                                    supervised.pid, SIGKILL));
    event_log_await(&supervised.log, 1, "{'event':'exit'}");
    ck_assert(process_signal_safely(leaving, supervised.pid, SIGCONT));
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    supervised_await_workers(&supervised, 1);
    http_expect_hello(supervised.port);
    supervised_finish(&supervised);
}
END_TEST

/* The successor of the first worker dies before it is online and is not
 * respawned.  The other worker then stays until a second reload. */
START_TEST(second_reload_does_not_wait_for_the_successor_of_the_first)
{
    struct supervised supervised;
    const cJSON *forked;

    supervised_start(&supervised, "--workers 2 --spares 0 --exit-after 0 "
                                  "--respawn never --start-delay 500ms");
    supervised_await_online(&supervised, 2);
    supervised_signal(&supervised, SIGUSR2);
    forked = event_log_await(&supervised.log, 3, "{'event':'fork'}");
    ck_assert(process_signal_safely((pid_t)event_number(forked, "pid"),
                                    supervised.pid, SIGKILL));
    event_log_await(&supervised.log, 2, "{'event':'exit'}");
    ck_assert_uint_eq(event_log_count(&supervised.log, "{'event':'reloaded'}"),
                      0);
    supervised_signal(&supervised, SIGUSR2);
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    ck_assert_uint_eq(
        event_log_count(&supervised.log, "{'event':'disconnect'}"), 2);
    http_expect_hello(supervised.port);
    supervised_finish(&supervised);
}
END_TEST

/* A worker that a reload asked to leave is replaced even with --respawn never,
 * also when the supervisor has to kill it. */
START_TEST(worker_killed_after_the_drain_timeout_is_replaced)
{
    struct supervised supervised;
    struct deadline deadline = deadline_start();
    pid_t worker;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 "
                                  "--respawn never --drain-timeout 100ms");
    worker = http_expect_hello(supervised.port);
    ck_assert(process_signal_safely(worker, supervised.pid, SIGSTOP));
    while (process_state(worker) != 'T')
        ck_assert(deadline_nap(deadline));
    supervised_signal(&supervised, SIGUSR2);
    event_log_await(&supervised.log, 1,
                    "{'event':'exit','signal':'SIGKILL','cause':'supervisor'}");
    http_expect_hello(supervised.port);
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("reload");

    tcase_add_loop_test(cases, reload_renews_every_worker_and_no_client_notices,
                        0, KINDS);
    tcase_add_test(cases,
                   reload_replaces_each_slot_once_and_forks_each_worker_once);
    tcase_add_test(cases, reload_keeps_old_workers_until_the_new_one_is_online);
    tcase_add_test(cases, reload_completes_while_workers_exit_on_their_own);
    tcase_add_test(cases, reload_during_a_crash_loop_keeps_the_canary);
    tcase_add_test(cases,
                   reload_does_not_wait_for_a_worker_that_is_not_respawned);
    tcase_add_test(cases,
                   second_reload_does_not_wait_for_the_successor_of_the_first);
    tcase_add_test(cases, worker_killed_after_the_drain_timeout_is_replaced);
    return suite_run(cases, "reload");
}
