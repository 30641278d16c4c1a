/* SPDX-License-Identifier: MIT */
/*
 * test_experiments.c - chaos run, report and check: exit statuses, output and
 * files.
 */
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/reports.h"
#include "tests/harness/suite.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUPERVISOR                                                             \
    BUILD_DIRECTORY "/supervisor -l 127.0.0.1:0 -w 4 --log-format json"

/* Shortens the shipped experiments; instrumented builds can serve this load. */
#define SHORT                                                                  \
    "-o run.baseline=1s -o run.duration=2s -o run.recovery=1s -o "             \
    "load.rate=40 "                                                            \
    "-o target.start='" SUPERVISOR " --exit-after 1%s' "

static struct chaos_run run;
static struct reports reports;

/* ---- Verdicts ----------------------------------------------------------- */

START_TEST(hypothesis_holds_under_kills)
{
    cJSON *object;
    char *text;

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s -o "
              "steady-state.max-gap=20s " SHORT,
              reports.path, "");
    ck_assert_msg(run.status == 0, "%s", run.text);
    object = reports_record(&reports);
    ck_assert_int_gt(cJSON_GetArraySize(record_member(object, "injections")),
                     0);
    ck_assert_int_gt(cJSON_GetArraySize(record_member(object, "workers")), 30);
    ck_assert(cJSON_IsTrue(
        record_member(record_member(object, "totals"), "balanced")));
    cJSON_Delete(object);
    text = reports_read(&reports, "junit.xml");
    ck_assert_ptr_nonnull(strstr(text, "failures=\"0\""));
    free(text);
    text = reports_read(&reports, "report.html");
    ck_assert_ptr_nonnull(strstr(text, "The hypothesis held"));
    free(text);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

static const char *const mixtures[][2] = {
    { "mixture", "request" },
    { "mixture-connections", "connection" },
};

START_TEST(every_byte_of_a_mixture_is_right_under_kills)
{
    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/%s.ini --out %s -o run.duration=3s "
              "-o run.recovery=1s -o load.rate=40 -o target.start='" SUPERVISOR
              " --exit-after 0 --faults --handoff %s'",
              mixtures[_i][0], reports.path, mixtures[_i][1]);
    ck_assert_msg(run.status == 0, "%s", run.text);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

/* Requests take so long that nearly every kill hits a busy worker. */
#define BUSY "-o target.url=http://127.0.0.1:0/?sleep=60ms "

START_TEST(negative_control_fails)
{
    char *text;

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/control-no-retain.ini --out %s " SHORT BUSY
              "-o run.baseline=0",
              reports.path, " --no-retain");
    ck_assert_msg(run.status == 1, "%s", run.text);
    ck_assert_ptr_nonnull(strstr(run.text, "the hypothesis did not hold"));
    text = reports_read(&reports, "junit.xml");
    ck_assert_ptr_nonnull(strstr(text, "<failure message="));
    free(text);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

START_TEST(run_aborts_at_the_loss_limit)
{
    cJSON *object;

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/control-no-retain.ini --out %s " SHORT BUSY
              "-o abort.lost=2 -o run.baseline=0 -o run.duration=10m",
              reports.path, " --no-retain");
    ck_assert_msg(run.status == 1, "%s", run.text);
    object = reports_record(&reports);
    ck_assert(cJSON_IsTrue(record_member(object, "aborted")));
    cJSON_Delete(object);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

START_TEST(run_without_a_steady_state_injects_nothing)
{
    cJSON *object;

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s " SHORT
              "-o load.expect='another page'",
              reports.path, "");
    ck_assert_msg(run.status == 3, "%s", run.text);
    ck_assert_ptr_nonnull(strstr(run.text, "steady state was never reached"));
    object = reports_record(&reports);
    ck_assert_int_eq(cJSON_GetArraySize(record_member(object, "injections")),
                     0);
    cJSON_Delete(object);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

/* ---- Repetition --------------------------------------------------------- */

START_TEST(run_prints_how_to_repeat_it_and_how_workers_ended)
{
    char again[256];

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s -o "
              "run.seed=7 -o about.title=\"it's\" " SHORT,
              reports.path, "");
    ck_assert_ptr_nonnull(
        strstr(run.text, "\nAgain: " BUILD_DIRECTORY
                         "/chaos run chaos/experiments/kill-random.ini -o "
                         "run.seed=7 -o run.seed=7 "
                         "-o 'about.title=it'\\''s' -o run.baseline=1s "));
    snprintf(again, sizeof(again), " --out %s\n", reports.path);
    ck_assert_msg(strstr(run.text, again) != NULL, "%s", run.text);
    ck_assert_msg(strstr(run.text, "unrequested worker exits: ") != NULL, "%s",
                  run.text);
    ck_assert_msg(strstr(run.text, " own exit, code 1") != NULL, "%s",
                  run.text);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

START_TEST(report_command_writes_the_same_report)
{
    char path[128], *first, *second;

    reports_make(&reports);
    chaos_run(&run, "run chaos/experiments/kill-random.ini --out %s " SHORT,
              reports.path, "");
    chaos_run_free(&run);
    first = reports_read(&reports, "report.html");
    snprintf(path, sizeof(path), "%s/report.html", reports.path);
    unlink(path);
    chaos_run(&run, "report %s/run.json", reports.path);
    ck_assert_int_eq(run.status, 0);
    second = reports_read(&reports, "report.html");
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

START_TEST(check_prints_the_same_schedule_for_the_same_seed)
{
    char *first;

    chaos_run(&run, "check chaos/experiments/mixed-faults.ini -o run.seed=5");
    ck_assert_int_eq(run.status, 0);
    ck_assert_ptr_nonnull(strstr(run.text, "hang: stop, random victim"));
    first = strdup(run.text);
    chaos_run_free(&run);
    chaos_run(&run, "check chaos/experiments/mixed-faults.ini -o run.seed=5");
    ck_assert_str_eq(first, run.text);
    free(first);
    chaos_run_free(&run);
}
END_TEST

START_TEST(check_prints_faults_that_have_no_schedule)
{
    chaos_run(&run, "check chaos/experiments/mixed-faults.ini");
    ck_assert_msg(
        strstr(run.text, "rude: clients, abort, 20 connections, for 12s"), "%s",
        run.text);
    chaos_run_free(&run);
    chaos_run(&run, "check chaos/experiments/crash-on-request.ini");
    ck_assert_msg(strstr(run.text, "poison: request, 2% of all requests ask "
                                   "for fault=segv, for 10s"),
                  "%s", run.text);
    chaos_run_free(&run);
}
END_TEST

START_TEST(shipped_experiments_are_valid)
{
    glob_t found;

    ck_assert_int_eq(glob("chaos/experiments/*.ini", 0, NULL, &found), 0);
    ck_assert_int_eq(
        glob("chaos/experiments/others/*.ini", GLOB_APPEND, NULL, &found), 0);
    ck_assert_int_eq(
        glob("chaos/experiments/demo/*.ini", GLOB_APPEND, NULL, &found), 0);
    ck_assert_uint_ge(found.gl_pathc, 17);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        chaos_run(&run, "check %s", found.gl_pathv[i]);
        ck_assert_msg(run.status == 0, "%s: %s", found.gl_pathv[i], run.text);
        chaos_run_free(&run);
    }
    globfree(&found);
}
END_TEST

/* ---- Failures ----------------------------------------------------------- */

START_TEST(run_is_inconclusive_if_no_fault_hit_a_process)
{
    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s " SHORT
              "-o blast-radius.min-alive=1000",
              reports.path, "");
    ck_assert_int_eq(run.status, 3);
    ck_assert_msg(strstr(run.text, "no fault hit a process") != NULL, "%s",
                  run.text);
    ck_assert_msg(strstr(run.text, " spared by the blast radius") != NULL, "%s",
                  run.text);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

START_TEST(run_on_a_full_disk_is_inconclusive)
{
    char path[128];

    reports_make(&reports);
    snprintf(path, sizeof(path), "%s/run.json.unfinished", reports.path);
    ck_assert_int_eq(symlink("/dev/full", path), 0);
    chaos_run(&run, "run chaos/experiments/kill-random.ini --out %s " SHORT,
              reports.path, "");
    ck_assert_int_eq(run.status, 3);
    ck_assert_msg(strstr(run.text, "No space left on device") != NULL, "%s",
                  run.text);
    ck_assert_int_ne(access(path, F_OK), 0);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

START_TEST(run_fails_if_the_target_exits)
{
    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s -o "
              "'fault kill.count=1' -o run.baseline=0 -o run.duration=10m "
              "-o target.start='" SUPERVISOR
              " --exit-after 0 --respawn never -s 0 -w 1' ",
              reports.path);
    ck_assert_msg(run.status == 1, "%d: %s", run.status, run.text);
    ck_assert_msg(strstr(run.text, "the target itself ended") != NULL, "%s",
                  run.text);
    chaos_run_free(&run);
    reports_remove(&reports);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("experiments");

    tcase_add_test(cases, hypothesis_holds_under_kills);
    tcase_add_loop_test(cases, every_byte_of_a_mixture_is_right_under_kills, 0,
                        2);
    tcase_add_test(cases, negative_control_fails);
    tcase_add_test(cases, run_aborts_at_the_loss_limit);
    tcase_add_test(cases, run_without_a_steady_state_injects_nothing);
    tcase_add_test(cases, run_prints_how_to_repeat_it_and_how_workers_ended);
    tcase_add_test(cases, report_command_writes_the_same_report);
    tcase_add_test(cases, check_prints_the_same_schedule_for_the_same_seed);
    tcase_add_test(cases, check_prints_faults_that_have_no_schedule);
    tcase_add_test(cases, shipped_experiments_are_valid);
    tcase_add_test(cases, run_is_inconclusive_if_no_fault_hit_a_process);
    tcase_add_test(cases, run_on_a_full_disk_is_inconclusive);
    tcase_add_test(cases, run_fails_if_the_target_exits);
    return suite_run(cases, "experiments");
}
