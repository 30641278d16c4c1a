/* SPDX-License-Identifier: MIT */
/*
 * test_lessons.c - chaos lesson: exit statuses, output and files.
 */
#include "chaos/report/run_json.h"
#include "tests/harness/chaos/tiny_lesson.h"
#include "tests/harness/leftover_processes.h"
#include "tests/harness/suite.h"
#include <stdio.h>
#include <stdlib.h>

/* A directory has the name of the record. */
START_TEST(lesson_is_inconclusive_if_its_record_cannot_be_written)
{
    char command[160];

    tiny_lesson_write("01-tiny.lua", "1s", "", "rows.fast.ok > rows.slow.ok");
    snprintf(command, sizeof(command), "mkdir -p %s/out/tiny/lesson.json/full",
             tiny_lesson.folder.path);
    ck_assert_int_eq(system(command), 0);
    tiny_lesson_run("tiny", 3);
    tiny_lesson_says("lesson.json");
}
END_TEST

START_TEST(lesson_passes_and_writes_its_record)
{
    char path[128];
    cJSON *record;

    tiny_lesson_write("01-tiny.lua", "1s", "", "rows.fast.ok > rows.slow.ok");
    tiny_lesson_run("tiny", 0);
    tiny_lesson_says("Question\n  Q?");
    tiny_lesson_says("1/2  slow");
    tiny_lesson_says("2/2  fast");
    tiny_lesson_says("PASS    as expected");
    tiny_lesson_says("      forks ");
    snprintf(path, sizeof(path),
             "Again:  " BUILD_DIRECTORY "/chaos lesson %s/01-tiny.lua --",
             tiny_lesson.folder.path);
    tiny_lesson_says(path);
    snprintf(path, sizeof(path), " --out %s/out\n", tiny_lesson.folder.path);
    tiny_lesson_says(path);
    ck_assert(tiny_lesson_left("out/lessons.html"));
    ck_assert(tiny_lesson_left("out/tiny/slow/run.json"));
    ck_assert(tiny_lesson_left("out/tiny/fast/report.html"));
    ck_assert(tiny_lesson_left("out/tiny/fast/target.log"));
    snprintf(path, sizeof(path), "%s/out/tiny/lesson.json",
             tiny_lesson.folder.path);
    record = json_read(path);
    ck_assert_str_eq(
        cJSON_GetStringValue(cJSON_GetObjectItem(record, "result")), "passed");
    cJSON_Delete(record);
}
END_TEST

START_TEST(lesson_fails_if_its_expectation_is_false)
{
    tiny_lesson_write("01-tiny.lua", "500ms", "",
                      "rows.fast.ok < rows.slow.ok");
    tiny_lesson_run("1", 1);
    tiny_lesson_says("FAIL    as expected");
    tiny_lesson_says("FAIL    lesson 1, tiny");
}
END_TEST

START_TEST(lesson_is_inconclusive_if_its_target_does_not_start)
{
    tiny_lesson_write("01-tiny.lua", "500ms",
                      "cases = { { name = 'never', experiment = { target = {\n"
                      "  start = 'sleep 86413', ready = '100ms' } } } },",
                      "true");
    tiny_lesson_run("tiny", 3);
    tiny_lesson_says("accepted no connection in time");
    tiny_lesson_says("INCONCLUSIVE lesson 1, tiny");
    left_behind_none("sleep 86413");
}
END_TEST

START_TEST(lesson_is_inconclusive_if_it_rejects_a_run)
{
    tiny_lesson_write(
        "01-tiny.lua", "500ms",
        "sound = function(run, case)\n"
        "  return case.name == 'slow', 'the run was disturbed' end,",
        "true");
    tiny_lesson_run("tiny", 3);
    tiny_lesson_says("inconclusive: the run was disturbed");
    tiny_lesson_says("INCONCLUSIVE lesson 1, tiny: the run was disturbed");
}
END_TEST

START_TEST(course_continues_after_a_case_without_a_steady_state)
{
    tiny_lesson_write(
        "01-tiny.lua", "500ms",
        "cases = { { name = 'slow', inconclusive_ok = true, experiment = {\n"
        "  ['steady-state'] = { lost = 0 }, load = { expect = 'x y' },\n"
        "  run = { ['baseline'] = '300ms' } } } }, plots = nil,",
        "true");
    tiny_lesson_write("02-other.lua", "500ms", "", "true");
    tiny_lesson_run("all", 3);
    tiny_lesson_says("steady state was never reached");
    tiny_lesson_says("   1  INCONCLUSIVE Tiny");
    tiny_lesson_says("   2  PASS    Tiny\n1 passed, 1 failed\n");
}
END_TEST

START_TEST(lesson_passes_without_an_optional_case)
{
    tiny_lesson_write(
        "01-tiny.lua", "500ms",
        "cases = { { name = 'slow' }, { name = 'never',\n"
        "  inconclusive_ok = true, experiment = { target = {\n"
        "  start = 'sleep 86413', ready = '100ms' } } } }, plots = nil,",
        "rows.slow.ok > 0 and not rows.never");
    tiny_lesson_run("tiny", 0);
    left_behind_none("sleep 86413");
}
END_TEST

START_TEST(lesson_may_expect_the_target_to_exit)
{
    tiny_lesson_write("01-tiny.lua", "1s",
                      "cases = { { name = 'slow', experiment = { target = {\n"
                      "  ['exit-ok'] = true, start = '" BUILD_DIRECTORY
                      "/supervisor -l 127.0.0.1:0 -w 2 -s 0 --exit-after 1 '\n"
                      "  .. '--respawn never --log-format json' } } } },\n"
                      "columns = { { key = 'ok', measure = function(run)\n"
                      "  return run.phases.fault.ok end }, { key = 'refused',\n"
                      "  measure = function(run)\n"
                      "    return run.phases.fault.classes.refused end },\n"
                      "  { key = 'final', measure = function(run)\n"
                      "    return run['end'] end } }, plots = nil,",
                      "rows.slow.ok == 2 and rows.slow.refused > 10 and\n"
                      "  rows.slow.final == 'target died'");
    tiny_lesson_run("tiny", 0);
}
END_TEST

START_TEST(error_in_a_lesson_names_file_and_line)
{
    char place[128];

    tiny_lesson_write("01-tiny.lua", "500ms", "frobnicate = 1,", "true");
    tiny_lesson_run("tiny", 2);
    snprintf(place, sizeof(place),
             "chaos: %s/01-tiny.lua:22: frobnicate: not a key of a lesson",
             tiny_lesson.folder.path);
    tiny_lesson_says(place);
    chaos_run_free(&tiny_lesson.run);
    tiny_lesson_write("01-tiny.lua", "500ms", "", "rows.missing.ok");
    tiny_lesson_run("tiny", 2);
    snprintf(place, sizeof(place), "chaos: %s/01-tiny.lua:23: attempt to index",
             tiny_lesson.folder.path);
    tiny_lesson_says(place);
    ck_assert(!tiny_lesson_left("out/tiny/lesson.json"));
    chaos_run_free(&tiny_lesson.run);
    tiny_lesson_run("missing", 2);
    tiny_lesson_says("lesson \"missing\": not found");
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("lessons");

    tcase_add_checked_fixture(cases, tiny_lesson_setup, tiny_lesson_teardown);
    tcase_add_test(cases,
                   lesson_is_inconclusive_if_its_record_cannot_be_written);
    tcase_add_test(cases, lesson_passes_and_writes_its_record);
    tcase_add_test(cases, lesson_fails_if_its_expectation_is_false);
    tcase_add_test(cases, lesson_is_inconclusive_if_its_target_does_not_start);
    tcase_add_test(cases, lesson_is_inconclusive_if_it_rejects_a_run);
    tcase_add_test(cases, course_continues_after_a_case_without_a_steady_state);
    tcase_add_test(cases, lesson_passes_without_an_optional_case);
    tcase_add_test(cases, lesson_may_expect_the_target_to_exit);
    tcase_add_test(cases, error_in_a_lesson_names_file_and_line);
    return suite_run(cases, "lessons");
}
