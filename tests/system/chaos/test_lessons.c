/* SPDX-License-Identifier: MIT */
/*
 * test_lessons.c - a lesson as people run it: how it ends, and what it leaves.
 */
#include "chaos/report/run_json.h"
#include "tests/harness/chaos/tiny_lesson.h"
#include "tests/harness/leftover_processes.h"
#include "tests/harness/suite.h"
#include <stdio.h>
#include <stdlib.h>

/* A folder is in the place of the record. */
START_TEST(a_record_that_cannot_be_left_is_void)
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

START_TEST(a_lesson_passes_and_leaves_its_record)
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

START_TEST(a_lesson_fails_when_its_expectation_is_false)
{
    tiny_lesson_write("01-tiny.lua", "500ms", "",
                      "rows.fast.ok < rows.slow.ok");
    tiny_lesson_run("1", 1);
    tiny_lesson_says("FAIL    as expected");
    tiny_lesson_says("FAIL    lesson 1, tiny");
}
END_TEST

START_TEST(what_cannot_be_measured_is_void)
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

START_TEST(what_the_lesson_says_is_invalid_is_void)
{
    tiny_lesson_write("01-tiny.lua", "500ms",
                      "sound = function(run, case)\n"
                      "  return case.name == 'slow', 'it was ill' end,",
                      "true");
    tiny_lesson_run("tiny", 3);
    tiny_lesson_says("inconclusive: it was ill");
    tiny_lesson_says("INCONCLUSIVE lesson 1, tiny: it was ill");
}
END_TEST

START_TEST(without_a_steady_state_a_case_is_void_and_the_course_goes_on)
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

START_TEST(what_may_be_void_is_no_obstacle)
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

START_TEST(the_targets_own_end_may_be_what_one_came_to_see)
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

START_TEST(a_mistake_is_told_with_file_and_line)
{
    char place[128];

    tiny_lesson_write("01-tiny.lua", "500ms", "frobnicate = 1,", "true");
    tiny_lesson_run("tiny", 2);
    snprintf(place, sizeof(place),
             "chaos: %s/01-tiny.lua:22: frobnicate: not a key of a lesson",
             tiny_lesson.folder.path);
    tiny_lesson_says(place);
    chaos_run_free(&tiny_lesson.run);
    tiny_lesson_write("01-tiny.lua", "500ms", "", "rows.nobody.ok");
    tiny_lesson_run("tiny", 2);
    snprintf(place, sizeof(place), "chaos: %s/01-tiny.lua:23: attempt to index",
             tiny_lesson.folder.path);
    tiny_lesson_says(place);
    ck_assert(!tiny_lesson_left("out/tiny/lesson.json"));
    chaos_run_free(&tiny_lesson.run);
    tiny_lesson_run("nobody", 2);
    tiny_lesson_says("lesson \"nobody\": not found");
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("lessons");

    tcase_add_checked_fixture(cases, tiny_lesson_setup, tiny_lesson_teardown);
    tcase_add_test(cases, a_record_that_cannot_be_left_is_void);
    tcase_add_test(cases, a_lesson_passes_and_leaves_its_record);
    tcase_add_test(cases, a_lesson_fails_when_its_expectation_is_false);
    tcase_add_test(cases, what_cannot_be_measured_is_void);
    tcase_add_test(cases, what_the_lesson_says_is_invalid_is_void);
    tcase_add_test(
        cases, without_a_steady_state_a_case_is_void_and_the_course_goes_on);
    tcase_add_test(cases, what_may_be_void_is_no_obstacle);
    tcase_add_test(cases, the_targets_own_end_may_be_what_one_came_to_see);
    tcase_add_test(cases, a_mistake_is_told_with_file_and_line);
    return suite_run(cases, "lessons");
}
