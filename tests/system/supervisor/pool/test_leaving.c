/* SPDX-License-Identifier: MIT */
/* test_leaving.c - workers that hang while they leave. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>

/* After its last response the worker still waits for the request that sleeps.
 * The fault in that request stops the worker. */
START_TEST(worker_that_hangs_after_its_last_response_is_replaced)
{
    struct supervised supervised;
    struct http_client hung, last;

    supervised_start(&supervised,
                     "--workers 1 --spares 1 --faults --exit-after 1 "
                     "--handoff connection --request-timeout %ums",
                     1000 * deadline_factor());
    supervised_await_online(&supervised, 2);
    http_expect_ask(&hung, supervised.port,
                    "GET /?sleep=600ms&t=h.&fault=stop&at=committed "
                    "HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_connect(&last, supervised.port);
    http_expect_page(&last, "/", "");
    http_disconnect(&last);
    http_expect_answer(&hung, 200, "t=h.");
    http_disconnect(&hung);
    event_log_await(&supervised.log, 1, "{'event':'exit','cause':'outside'}");
    supervised_finish(&supervised);
}
END_TEST

/* The request stops every worker that handles it, until it has cost
 * --max-kills workers. */
START_TEST(worker_that_hangs_while_draining_is_replaced)
{
    struct supervised supervised;
    struct http_client hung;
    struct deadline deadline = deadline_start();
    pid_t worker;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --exit-after 0 --faults "
                     "--request-timeout %ums --drain-timeout 60m "
                     "--max-kills 2",
                     1000 * deadline_factor());
    worker = http_expect_hello(supervised.port);
    http_expect_ask(&hung, supervised.port,
                    "GET /?fault=stop HTTP/1.1\r\nHost: t\r\n\r\n");
    while (process_state(worker) != 'T')
        ck_assert(deadline_nap(deadline));
    supervised_signal(&supervised, SIGUSR2);
    http_expect_answer(&hung, 500, "");
    http_disconnect(&hung);
    event_log_await(&supervised.log, 2, "{'event':'exit','cause':'outside'}");
    event_log_await(&supervised.log, 1, "{'event':'reloaded'}");
    supervised_finish(&supervised);
}
END_TEST

/* The worker has sent its last response, but an earlier client does not read
 * its response. */
START_TEST(worker_that_leaves_too_slowly_is_killed)
{
    struct supervised supervised;
    struct http_client idle;

    supervised_start(&supervised,
                     "--workers 1 --spares 0 --exit-after 1 --schedule shared "
                     "--request-timeout %ums --drain-timeout 100ms "
                     "--idle-timeout 60m",
                     1000 * deadline_factor());
    ck_assert_int_eq(http_connect_narrow(&idle, supervised.port),
                     HTTP_ANSWERED);
    http_expect_send(&idle, "GET /?size=3m HTTP/1.1\r\nHost: t\r\n\r\n");
    http_expect_ahead(&idle, 100);
    http_expect_hello(supervised.port);
    event_log_await(&supervised.log, 1, "{'event':'exit-overdue','slot':1}");
    event_log_await(&supervised.log, 1,
                    "{'event':'exit','signal':'SIGKILL','responses':1,"
                    "'cause':'supervisor','lost':1}");
    http_expect_hello(supervised.port);
    http_disconnect(&idle);
    supervised_drain(&supervised);
    supervised_finish_cut_short(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("leaving");

    tcase_add_test(cases,
                   worker_that_hangs_after_its_last_response_is_replaced);
    tcase_add_test(cases, worker_that_hangs_while_draining_is_replaced);
    tcase_add_test(cases, worker_that_leaves_too_slowly_is_killed);
    return suite_run(cases, "leaving");
}
