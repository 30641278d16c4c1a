/* SPDX-License-Identifier: MIT */
/* test_pool.c - the workers of the pool, the distribution of connections, and
 * leaks under a kill load. */
#include "tests/harness/deadline.h"
#include "tests/harness/http/http_expect.h"
#include "tests/harness/process.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/kill_load.h"

START_TEST(spare_takes_the_slot_of_a_dead_worker)
{
    struct supervised supervised;
    const cJSON *worker, *spare, *promoted;
    int slot;

    supervised_start(&supervised, "--workers 1 --spares 1 --exit-after 0");
    worker = event_log_await(&supervised.log, 1, "{'event':'online','slot':1}");
    spare =
        event_log_await(&supervised.log, 1, "{'event':'online','slot':null}");
    ck_assert(
        cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(spare, "generation")));
    ck_assert(supervised_kill(&supervised, (pid_t)event_number(worker, "pid")));
    promoted =
        event_log_await(&supervised.log, 1, "{'event':'promote','pid':%d}",
                        (int)event_number(spare, "pid"));
    slot = (int)event_number(promoted, "slot");
    ck_assert_int_eq(slot, 1);
    ck_assert(event_number(promoted, "generation") ==
              event_number(worker, "generation") + 1);
    ck_assert_int_eq(http_expect_hello(supervised.port),
                     (pid_t)event_number(spare, "pid"));
    /* The supervisor forks another spare. */
    event_log_await(&supervised.log, 2, "{'event':'online','slot':null}");
    supervised_await_workers(&supervised, 2);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(pool_has_the_configured_size)
{
    static const int sizes[][2] = { { 1, 0 }, { 3, 0 }, { 2, 3 }, { 5, 1 } };
    struct supervised supervised;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        size_t all = (size_t)(sizes[i][0] + sizes[i][1]);

        supervised_start(&supervised, "--workers %d --spares %d", sizes[i][0],
                         sizes[i][1]);
        supervised_await_online(&supervised, all);
        for (int j = 0; j < 20; j++)
            http_expect_hello(supervised.port);
        supervised_kill_all(&supervised);
        supervised_await_workers(&supervised, all);
        supervised_finish(&supervised);
    }
}
END_TEST

static const char *const schedules[] = { "rr", "least" };

START_TEST(new_connections_are_distributed_evenly)
{
    enum { WORKERS = 4, EACH = 5 };
    struct http_client clients[WORKERS * EACH];
    long answers[WORKERS + 1] = { 0 };
    struct supervised supervised;
    struct http_answer answer;

    supervised_start(&supervised,
                     "--workers %d --spares 0 --exit-after 0 "
                     "--handoff connection --schedule %s",
                     WORKERS, schedules[_i]);
    supervised_await_online(&supervised, WORKERS);
    for (int i = 0; i < WORKERS * EACH; i++) {
        long worker;

        http_expect_connect(&clients[i], supervised.port);
        http_expect_get(&clients[i], "/", 200, &answer);
        worker = http_answer_number(&answer, "worker");
        ck_assert(worker >= 1 && worker <= WORKERS);
        answers[worker]++;
        http_answer_free(&answer);
    }
    for (int i = 1; i <= WORKERS; i++)
        ck_assert_int_eq(answers[i], EACH);
    for (int i = 0; i < WORKERS * EACH; i++)
        http_disconnect(&clients[i]);
    supervised_finish(&supervised);
}
END_TEST

START_TEST(least_prefers_the_worker_with_fewest_connections)
{
    struct http_client clients[4], one_more;
    struct supervised supervised;
    struct http_answer answer;
    long idle_worker = 0;

    supervised_start(&supervised, "--workers 4 --spares 0 --exit-after 0 "
                                  "--handoff connection --schedule least");
    supervised_await_online(&supervised, 4);
    for (int i = 0; i < 4; i++) {
        http_expect_connect(&clients[i], supervised.port);
        http_expect_get(&clients[i], "/", 200, &answer);
        if (i == 2)
            idle_worker = http_answer_number(&answer, "worker");
        http_answer_free(&answer);
    }
    /* When the client reads end of file, the third worker holds no connection
     * any more. */
    http_half_close(&clients[2]);
    http_expect_close(&clients[2]);
    http_expect_connect(&one_more, supervised.port);
    http_expect_get(&one_more, "/", 200, &answer);
    ck_assert_int_eq(http_answer_number(&answer, "worker"), idle_worker);
    http_answer_free(&answer);
    http_disconnect(&one_more);
    for (int i = 0; i < 4; i++)
        http_disconnect(&clients[i]);
    supervised_finish(&supervised);
}
END_TEST

static size_t zombies(const struct supervised *supervised)
{
    pid_t workers[SUPERVISED_WORKERS_MAX];
    size_t count = supervised_workers(supervised, workers), dead = 0;

    for (size_t i = 0; i < count; i++)
        dead += process_state(workers[i]) == 'Z';
    return dead;
}

static const char *const kinds[] = {
    "--exit-after 1 --handoff request",
    "--exit-after 0 --handoff connection",
};

START_TEST(kill_load_leaves_no_descriptor_and_no_zombie)
{
    enum { WORKERS = 4, SPARES = 1 };
    const struct kill_load kill_load = { .clients = 8,
                                         .query = "sleep=2ms",
                                         .kills = 50 };
    struct deadline deadline = deadline_start();
    struct supervised supervised;
    struct kill_load_result result;
    size_t before;

    supervised_start(&supervised, "--workers %d --spares %d %s", WORKERS,
                     SPARES, kinds[_i]);
    supervised_await_online(&supervised, WORKERS + SPARES);
    supervised_await_workers(&supervised, WORKERS + SPARES);
    before = process_descriptors(supervised.pid);
    /* The log file and inherited files. */
    ck_assert_uint_le(process_open_files(supervised.pid), 3);
    result = kill_load_run(&supervised, &kill_load);
    kill_load_expect_no_loss(&result);
    while (zombies(&supervised) > 0 ||
           process_descriptors(supervised.pid) > before)
        ck_assert_msg(
            deadline_nap(deadline), "%zu zombies, %zu descriptors, %zu before",
            zombies(&supervised), process_descriptors(supervised.pid), before);
    supervised_finish(&supervised);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("pool");

    tcase_add_test(cases, spare_takes_the_slot_of_a_dead_worker);
    tcase_add_test(cases, pool_has_the_configured_size);
    tcase_add_loop_test(cases, new_connections_are_distributed_evenly, 0, 2);
    tcase_add_test(cases, least_prefers_the_worker_with_fewest_connections);
    tcase_add_loop_test(cases, kill_load_leaves_no_descriptor_and_no_zombie, 0,
                        2);
    return suite_run(cases, "pool");
}
