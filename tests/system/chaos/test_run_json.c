/* SPDX-License-Identifier: MIT */
/*
 * test_run_json.c - what the record of a run contains about its target.
 */
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/reports.h"
#include "tests/harness/suite.h"
#include <string.h>

#define SUPERVISOR                                                             \
    BUILD_DIRECTORY "/supervisor -l 127.0.0.1:0 -w 4 --log-format json "

static struct reports reports;

/* The record of a short run with `arguments`; the caller deletes it. */
static cJSON *record_of(const char *arguments)
{
    struct chaos_run run;
    cJSON *record;

    chaos_run(&run,
              "run %s --out %s -o run.duration=2s -o run.recovery=0 "
              "-o load.rate=40 -o steady-state.max-gap=20s",
              arguments, reports.path);
    record = reports_record(&reports);
    chaos_run_free(&run);
    return record;
}

static double sum_of(const cJSON *list)
{
    const cJSON *item;
    double sum = 0;

    cJSON_ArrayForEach(item, list) sum += item->valuedouble;
    return sum;
}

static const cJSON *exit_kind(const cJSON *record, const char *cause)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, record_member(record, "exits"))
    {
        if (strcmp(record_member(item, "cause")->valuestring, cause) == 0)
            return item;
    }
    ck_abort_msg("no exit by %s", cause);
}

START_TEST(record_contains_the_resource_usage_and_the_exits)
{
    const cJSON *usage, *item;
    double exits = 0;
    cJSON *record;

    reports_make(&reports);
    record = record_of(
        "chaos/experiments/kill-random.ini -o target.start='" SUPERVISOR
        "--exit-after 1'");
    ck_assert_ptr_nonnull(
        record_member(record_member(record, "versions"), "chaos")->valuestring);
    usage = record_member(record, "usage");
    ck_assert(record_number(usage, "cpu_ms") > 0);
    ck_assert(record_number(usage, "cpu_ms") ==
              record_number(usage, "user_ms") +
                  record_number(usage, "system_ms"));
    ck_assert(record_number(usage, "processes_max") > 4);
    ck_assert(record_number(usage, "rss_max_bytes") > 1e6);
    ck_assert(record_number(usage, "log_bytes") >
              record_number(usage, "log_lines"));
    ck_assert(record_number(usage, "log_lines") > 40);
    cJSON_ArrayForEach(item, record_member(record, "exits")) exits +=
        record_number(item, "count");
    ck_assert(exits ==
              record_number(record_member(record, "worker_stats"), "exits"));
    ck_assert(record_number(exit_kind(record, "own exit"), "code") == 1);
    item = exit_kind(record, "outside");
    ck_assert_str_eq(record_member(item, "signal")->valuestring, "SIGKILL");
    ck_assert(record_number(item, "injected") == record_number(item, "count"));
    item = record_member(record, "sample_lines");
    ck_assert_int_eq(cJSON_GetArraySize(item), 40);
    ck_assert_ptr_nonnull(strstr(cJSON_GetArrayItem(item, 0)->valuestring,
                                 "exited: code 1, signal null, up "));
    ck_assert_int_ge(cJSON_GetArraySize(record_member(record, "failures")), 1);
    cJSON_Delete(record);
    reports_remove(&reports);
}
END_TEST

START_TEST(record_contains_the_listeners)
{
    const cJSON *list, *item;
    cJSON *record;

    reports_make(&reports);
    record = record_of(
        "chaos/experiments/kill-random.ini -o target.start='" SUPERVISOR
        "--exit-after 0'");
    list = record_member(record, "listening");
    ck_assert_int_eq(cJSON_GetArraySize(list), 1);
    item = cJSON_GetArrayItem(list, 0);
    ck_assert_str_eq(record_member(item, "role")->valuestring, "root");
    ck_assert_int_eq(
        strncmp(record_member(item, "address")->valuestring, "127.0.0.1:", 10),
        0);
    ck_assert(record_number(item, "inode") > 0);
    cJSON_Delete(record);
    reports_remove(&reports);
}
END_TEST

START_TEST(series_adds_up_to_the_requests)
{
    const cJSON *series, *phases;
    double requests, retries;
    cJSON *record;

    reports_make(&reports);
    record =
        record_of("chaos/experiments/control-no-retain.ini -o load.retries=2 "
                  "-o target.url=http://127.0.0.1:0/?sleep=60ms -o "
                  "target.start='" SUPERVISOR
                  "--exit-after 1 --no-retain' -o run.baseline=0");
    series = record_member(record, "series");
    phases = record_member(record, "phases");
    requests = record_number(record_member(phases, "fault"), "requests");
    retries = record_number(record_member(phases, "fault"), "retries");
    ck_assert(retries > 0);
    ck_assert(sum_of(record_member(series, "sent")) == requests);
    ck_assert(sum_of(record_member(series, "retries")) == retries);
    ck_assert(sum_of(record_member(series, "ok")) +
                  sum_of(record_member(series, "lost")) +
                  sum_of(record_member(series, "errors")) ==
              requests);
    ck_assert(record_number(record_member(phases, "fault"), "goodput") >
              record_number(record_member(phases, "fault"), "availability"));
    cJSON_Delete(record);
    reports_remove(&reports);
}
END_TEST

/* Each response takes two seconds, so responses to requests of the first phase
 * arrive in the second phase. */
START_TEST(success_ends_the_gap_in_the_phase_in_which_it_arrives)
{
    const cJSON *phases;
    struct chaos_run run;
    cJSON *record;

    reports_make(&reports);
    chaos_run(
        &run,
        "run chaos/experiments/hang.ini --out %s -o load.rate=40 "
        "-o target.url=http://127.0.0.1:0/?sleep=2s -o run.baseline=0 "
        "-o run.duration=4s -o run.recovery=2s "
        "-o 'fault hang.schedule=once' -o 'fault hang.effect-duration=1ms' "
        "-o target.start='" SUPERVISOR "--exit-after 0'",
        reports.path);
    record = reports_record(&reports);
    phases = record_member(record, "phases");
    ck_assert(record_number(record_member(phases, "fault"), "longest_gap_us") >=
              2e6);
    ck_assert(record_number(record_member(phases, "recovery"),
                            "longest_gap_us") < 2e6);
    cJSON_Delete(record);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("run_json");

    tcase_add_test(cases, record_contains_the_resource_usage_and_the_exits);
    tcase_add_test(cases, record_contains_the_listeners);
    tcase_add_test(cases, series_adds_up_to_the_requests);
    tcase_add_test(cases,
                   success_ends_the_gap_in_the_phase_in_which_it_arrives);
    return suite_run(cases, "run_json");
}
