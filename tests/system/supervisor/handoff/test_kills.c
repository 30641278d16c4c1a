/* SPDX-License-Identifier: MIT */
/* test_kills.c - hundreds of SIGKILLs under load lose no request. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kill_load.h"
#include "tests/harness/supervisor/supervised.h"
#include <string.h>
#include <sys/resource.h>

#define KILLS 300 /* in each run; fewer in instrumented builds */

static const struct {
    const char *options;
    bool keep_alive;
} kill_loads[] = {
    { "--exit-after 1 --handoff request", false },
    { "--exit-after 1 --handoff request", true },
    { "--exit-after 1 --handoff connection", false },
    { "--exit-after 1 --handoff connection", true },
    { "--exit-after 0 --handoff request", false },
    { "--exit-after 0 --handoff request", true },
    { "--exit-after 0 --handoff connection", false },
    { "--exit-after 0 --handoff connection", true },
};
#define KILL_LOADS (int)(sizeof(kill_loads) / sizeof(*kill_loads))

START_TEST(kills_lose_no_request)
{
    const struct kill_load kill_load = { .clients = 16,
                                         .keep_alive =
                                             kill_loads[_i].keep_alive,
                                         .query = "sleep=5ms",
                                         .kills = KILLS / deadline_factor() };
    struct supervised supervised;
    struct kill_load_result result;
    const cJSON *totals;

    supervised_start(&supervised, "--workers 4 --spares 1 %s",
                     kill_loads[_i].options);
    result = kill_load_run(&supervised, &kill_load);
    kill_load_expect_no_loss(&result);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(supervised_answered(totals) == (double)result.requests);
    ck_assert(event_number(totals, "requests.refused") == 0);
    ck_assert(event_number(totals, "requests.client_gone") == 0);
    supervised_finish_ended(&supervised, 0);
}
END_TEST

static const bool connection_kinds[] = { false, true };

/* The negative control: the same run against a supervisor that keeps no
 * duplicate of the connections must lose requests. */
START_TEST(kills_lose_requests_without_retained_connections)
{
    const struct kill_load kill_load = { .clients = 16,
                                         .keep_alive = connection_kinds[_i],
                                         .query = "sleep=5ms",
                                         .kills = KILLS,
                                         .losses = 20 };
    struct supervised supervised;
    struct kill_load_result result;
    const cJSON *totals;

    supervised_start(
        &supervised,
        "--workers 4 --spares 1 --faults --no-retain --exit-after 0");
    result = kill_load_run(&supervised, &kill_load);
    ck_assert_uint_ge(kill_load_lost(&result), kill_load.losses);
    supervised_drain(&supervised);
    totals = supervised_totals(&supervised);
    ck_assert(event_number(totals, "connections.lost") > 0);
    ck_assert(event_number(totals, "requests.lost") > 0);
    event_log_close(&supervised.log);
    run_folder_remove(&supervised.folder);
}
END_TEST

/* A message of libev would appear on standard error, which must stay empty. */
START_TEST(worker_without_memory_exits_and_prints_nothing)
{
    enum { MANY = 600 };
    static struct http_client clients[MANY];
    const struct rlimit none = { 1, 1 };
    struct supervised supervised;
    pid_t worker;

    supervised_start(&supervised, "--workers 1 --spares 0 --exit-after 0 "
                                  "--handoff connection");
    supervised_await_online(&supervised, 1);
    ck_assert_uint_eq(supervised_workers(&supervised, &worker), 1);
    ck_assert_int_eq(prlimit(worker, RLIMIT_AS, &none, NULL), 0);
    for (int i = 0; i < MANY; i++)
        http_expect_connect(&clients[i], supervised.port);
    event_log_await(&supervised.log, 1,
                    "{'event':'exit','code':71,'signal':null}");
    for (int i = 0; i < MANY; i++) {
        http_expect_page(&clients[i], "/", "");
        http_disconnect(&clients[i]);
    }
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("kills");

    tcase_add_loop_test(cases, kills_lose_no_request, 0, KILL_LOADS);
    tcase_add_loop_test(cases, kills_lose_requests_without_retained_connections,
                        0, 2);
    /* The sanitizers need address space and print messages. */
    if (deadline_factor() == 1)
        tcase_add_test(cases, worker_without_memory_exits_and_prints_nothing);
    return suite_run(cases, "kills");
}
