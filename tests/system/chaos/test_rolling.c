/* SPDX-License-Identifier: MIT */
/*
 * test_rolling.c - the rolling schedule hits every worker once before any
 * worker twice, although each killed worker has a successor immediately.
 */
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/reports.h"
#include "tests/harness/suite.h"
#include "tests/harness/supervisor/supervised.h"
#include <string.h>

#define WORKERS    4
#define INJECTIONS (2 * WORKERS)

static struct supervised supervised;
static struct chaos_run run;
static struct reports reports;

/* Reads the pids of the injections from the output of the monkey, in order.
 * Returns their number. */
static int pids_injected(pid_t pids[INJECTIONS])
{
    int count = 0;

    for (const char *line = run.text; *line; line += strcspn(line, "\n") + 1) {
        cJSON *object = cJSON_ParseWithOpts(line, NULL, false);

        if (cJSON_GetObjectItemCaseSensitive(object, "pid")) {
            ck_assert_int_lt(count, INJECTIONS);
            pids[count++] = (pid_t)record_number(object, "pid");
        }
        cJSON_Delete(object);
    }
    return count;
}

static bool is_among(pid_t pid, const pid_t *pids, int count)
{
    for (int i = 0; i < count; i++)
        if (pids[i] == pid)
            return true;
    return false;
}

/* The monkey knows no slots, only pids. */
START_TEST(monkey_hits_each_worker_before_any_successor)
{
    pid_t first[SUPERVISED_WORKERS_MAX], pids[INJECTIONS];

    supervised_start(&supervised, "-w %d -s 0 --exit-after 0", WORKERS);
    supervised_await_online(&supervised, WORKERS);
    ck_assert_uint_eq(supervised_workers(&supervised, first), WORKERS);
    chaos_run(&run,
              "monkey --json --pid %d --schedule rolling --interval 400ms "
              "--count %d --duration 1m",
              (int)supervised.pid, INJECTIONS);
    ck_assert_msg(run.status == 0, "%s", run.text);
    ck_assert_int_eq(pids_injected(pids), INJECTIONS);
    for (int i = 0; i < INJECTIONS; i++) {
        ck_assert_msg(is_among(pids[i], first, WORKERS) == (i < WORKERS), "%s",
                      run.text);
        ck_assert_msg(!is_among(pids[i], pids, i), "%s", run.text);
    }
    chaos_run_free(&run);
    supervised_finish(&supervised);
}
END_TEST

/* A spare that takes the slot of a killed worker does not get an extra turn. */
START_TEST(experiment_hits_the_slots_in_turn)
{
    const cJSON *injection;
    cJSON *record;
    int count = 0;

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s "
              "-o target.start='%s/supervisor -l 127.0.0.1:0 -w %d -s 2 "
              "--log-format json --exit-after 0' "
              "-o run.baseline=500ms -o run.duration=3800ms -o run.recovery=0 "
              "-o load.rate=40 -o steady-state.max-gap=20s "
              "-o 'fault kill.interval=400ms' "
              "-o 'fault kill.schedule=rolling'",
              reports.path, BUILD_DIRECTORY, WORKERS);
    ck_assert_msg(run.status == 0, "%s", run.text);
    record = reports_record(&reports);
    cJSON_ArrayForEach(injection, record_member(record, "injections"))
    {
        ck_assert_int_eq((int)record_number(injection, "slot"),
                         count++ % WORKERS + 1);
    }
    ck_assert_int_ge(count, INJECTIONS);
    cJSON_Delete(record);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("rolling");

    tcase_add_test(cases, monkey_hits_each_worker_before_any_successor);
    tcase_add_test(cases, experiment_hits_the_slots_in_turn);
    return suite_run(cases, "rolling");
}
