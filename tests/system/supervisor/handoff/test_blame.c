/* SPDX-License-Identifier: MIT */
/* test_blame.c - a kill from outside the supervisor counts as a kill, not as
 * an attempt, of the request. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kill_load.h"
#include "tests/harness/supervisor/kinds.h"
#include <signal.h>

#define PLENTY "--backoff none --restart-intensity 1000/1s "

/* Some requests are hit several times; none of them is refused. */
START_TEST(kills_from_outside_count_against_no_request)
{
    const struct kill_load kill_load = {
        .clients = 16, .keep_alive = true, .query = "sleep=20ms", .kills = 150
    };
    struct supervised supervised;
    struct kill_load_result result;
    const cJSON *totals;

    supervised_start(&supervised, "--workers 4 --spares 2 %s", handoffs[_i]);
    result = kill_load_run(&supervised, &kill_load);
    kill_load_expect_no_loss(&result);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "requests.refused") == 0);
    ck_assert(event_number(totals, "requests.answered_after_retry") > 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

/* Waits for a worker that has stopped itself. */
static pid_t await_stopped(const struct supervised *supervised)
{
    struct deadline deadline = deadline_start();
    pid_t workers[SUPERVISED_WORKERS_MAX];

    for (;;) {
        size_t count = supervised_workers(supervised, workers);

        for (size_t i = 0; i < count; i++)
            if (process_state(workers[i]) == 'T')
                return workers[i];
        ck_assert_msg(deadline_nap(deadline), "no worker is stopped");
    }
}

/* The worker stops while it handles the request, so the kill is sure to hit
 * that request. */
START_TEST(kill_from_outside_is_not_counted_as_attempt)
{
    enum { KILLS = 5 };
    struct supervised supervised;
    struct http_client client;

    supervised_start(&supervised,
                     "--workers 2 --spares 2 --faults --max-attempts 1 "
                     "--max-kills %d " PLENTY "%s",
                     KILLS + 1, handoffs[_i]);
    http_expect_ask(&client, supervised.port,
                    "GET /?fault=stop&t=tok. HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < KILLS; i++)
        ck_assert(supervised_kill(&supervised, await_stopped(&supervised)));
    process_signal_safely(await_stopped(&supervised), supervised.pid, SIGCONT);
    http_expect_answer(&client, 200, "t=tok.");
    /* --max-kills limits the workers that one request may cost. */
    http_expect_send(&client,
                     "GET /?fault=stop&t=tok. HTTP/1.1\r\nHost: t\r\n\r\n");
    for (int i = 0; i < KILLS + 1; i++)
        ck_assert(supervised_kill(&supervised, await_stopped(&supervised)));
    http_expect_answer(&client, 500, "");
    http_disconnect(&client);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("blame");

    tcase_add_loop_test(cases, kills_from_outside_count_against_no_request, 0,
                        HANDOFFS_STAYING);
    tcase_add_loop_test(cases, kill_from_outside_is_not_counted_as_attempt, 0,
                        HANDOFFS_STAYING);
    return suite_run(cases, "blame");
}
