/* SPDX-License-Identifier: MIT */
/* test_start_faults.c - workers that fail or are slow before they are online.
 */
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <signal.h>

START_TEST(workers_serve_once_they_stop_crashing_at_start)
{
    struct supervised supervised;

    supervised_start(&supervised,
                     "--workers 2 --spares 0 --exit-after 0 --faults "
                     "--crash-at-start --crash-until 300ms --backoff constant "
                     "--backoff-base 20ms --queue-timeout 60s "
                     "--restart-intensity 1000/1s");
    http_expect_hello(supervised.port);
    ck_assert_uint_gt(event_log_count(&supervised.log,
                                      "{'event':'exit','code':1,"
                                      "'responses':0}"),
                      0);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(start_delay_postpones_online)
{
    struct supervised supervised;
    const cJSON *forked, *online;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 "
                                  "--start-delay 100ms");
    http_expect_hello(supervised.port);
    forked = event_log_await(&supervised.log, 1, "{'event':'fork'}");
    online = event_log_await(&supervised.log, 1, "{'event':'online'}");
    ck_assert_double_ge(
        event_number(online, "time") - event_number(forked, "time"), 0.095);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(start_lock_is_held_by_one_worker_at_a_time)
{
    enum { WORKERS = 4 };
    struct supervised supervised;

    supervised_start(&supervised,
                     "--workers %d --spares 0 --exit-after 0 "
                     "--max-starting %d --start-delay 300ms --start-lock "
                     "--backoff constant --backoff-base 20ms "
                     "--restart-intensity 1000/1s",
                     WORKERS, WORKERS);
    for (size_t i = 1; i <= WORKERS; i++)
        event_log_await(&supervised.log, i, "{'event':'online'}");
    /* The others started while the first one held the lock. */
    ck_assert_uint_ge(
        event_log_count(&supervised.log, "{'event':'exit','code':75}"), 1);
    supervised_finish(&supervised);
}
END_TEST

/* Although the supervisor killed the worker itself, it reports a failure. */
START_TEST(worker_that_never_comes_online_is_reported_as_failure)
{
    struct supervised supervised;

    supervised_start(&supervised, "--workers 1 --spares 0 --start-delay 60m "
                                  "--start-timeout 50ms --drain-timeout 50ms");
    event_log_await(&supervised.log, 1,
                    "{'event':'exit','signal':'SIGKILL','cause':'supervisor'}");
    supervised_signal(&supervised, SIGUSR1);
    event_log_await(&supervised.log, 1,
                    "{'event':'failure','signal':'SIGKILL',"
                    "'cause':'supervisor'}");
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("start faults");

    tcase_add_test(cases, workers_serve_once_they_stop_crashing_at_start);
    tcase_add_test(cases, start_delay_postpones_online);
    tcase_add_test(cases, start_lock_is_held_by_one_worker_at_a_time);
    tcase_add_test(cases,
                   worker_that_never_comes_online_is_reported_as_failure);
    return suite_run(cases, "start faults");
}
