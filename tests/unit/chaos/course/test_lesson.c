/* SPDX-License-Identifier: MIT */
/* test_lesson.c - loading of lessons, their errors, and their functions. */
#include "chaos/course/json_read.h"
#include "chaos/course/lesson.h"
#include "chaos/course/lesson_case.h"
#include "chaos/course/lesson_record.h"
#include "chaos/course/lesson_rows.h"
#include "tests/harness/chaos/lesson_text.h"
#include "tests/harness/run_suite.h"
#include <string.h>

#define COLUMN "{ key = 'n', measure = function(run) return run.n end }"
#define EXPECT "expect = { { 'yes', function() return true end } },"

static struct lesson lesson;
static struct experiment experiment;
static char why[LESSON_WHY];

static void load(const char *columns, const char *rest)
{
    ck_assert_msg(lesson_text_load(&lesson, lesson_text(columns, rest), why),
                  "%s", why);
}

/* ---- Loading ------------------------------------------------------------ */

START_TEST(case_settings_override_shared_ones)
{
    load(COLUMN, EXPECT);
    ck_assert_int_eq(lesson_cases(&lesson), 2);
    ck_assert_str_eq(lesson_case_label(lesson_case(&lesson, 0)), "the first");
    ck_assert_str_eq(lesson_case_label(lesson_case(&lesson, 1)), "b");
    for (int i = 0; i < 2; i++) {
        ck_assert(lesson_experiment(&lesson, i, 9, NULL, &experiment, why));
        ck_assert_double_eq(experiment.trial.load.rate, i == 0 ? 20 : 40);
        ck_assert_double_eq(experiment.trial.load.new_share, 0.5);
        ck_assert_uint_eq(experiment.trial.seed, 9);
        ck_assert_str_eq(experiment.trial.url, "http://127.0.0.1:1/");
        experiment_free(&experiment);
    }
    lesson_free(&lesson);
}
END_TEST

static const struct {
    const char *columns, *rest, *complaint;
} bad[] = {
    { COLUMN, "expect = 1 +,", ":14: " },
    { COLUMN, EXPECT "foo = 1,", ":14: foo: not a key of a lesson" },
    { COLUMN, EXPECT "foo = function() end,",
      ":14: foo: not a key of a lesson" },
    { COLUMN, EXPECT "title = 3,", ":2: title: must be" },
    { COLUMN, "", ":1: expect: must be a non-empty list" },
    { "", EXPECT, ":13: columns: must be a non-empty list" },
    { "{ key = 'n' }", EXPECT, ":13: column n: measure must be a function" },
    { COLUMN "," COLUMN, EXPECT, ":13: column n: two columns have this key" },
    { COLUMN, EXPECT "cases = { { name = 'a/b' } },",
      ": case 1: invalid or missing name" },
    { COLUMN, EXPECT "cases = { { name = 'a' }, { name = 'a' } },",
      ": case a: two cases have this name" },
    { COLUMN, EXPECT "experiment = { load = { raet = 1 } },",
      ":14: case a: load.raet=1: [load] has no key 'raet' (allowed: rate, " },
    { COLUMN, EXPECT "experiment = { load = { rate = 'x' } },",
      ": case a: load.rate=x: rate: " },
    { COLUMN, EXPECT "experiment = { laod = { rate = 1 } },",
      "no such section" },
    { COLUMN, EXPECT "experiment = {},", "case a: [target] url: missing" },
    { COLUMN,
      EXPECT "experiment = { target = { url = 'http://127.0.0.1:1/' },\n"
             "load = { methods = 'FOO' } },",
      ":15: case a: [load] methods = FOO: not GET" },
    { COLUMN,
      EXPECT "experiment = { target = { url = 'http://127.0.0.1:1/',\n"
             "start = 'x' }, ['fault f'] = { interval = '1s',\n"
             "start = '2s', ['end'] = '1s' } },",
      ":16: case a: [fault f] end = 1s: the fault starts at 2s" },
    { COLUMN, "expect = { { 'yes' } },", ":14: expectation 1: " },
    { COLUMN, EXPECT "plots = { { title = 'p', kind = 'pie', y = 'n' } },",
      ":14: plot \"p\": unknown kind" },
    { COLUMN, EXPECT "x = (function() while true do end end)(),",
      "too many instructions" },
    { COLUMN, EXPECT "x = nothing.at_all,", ":14: attempt to index" },
    { COLUMN, EXPECT "x = os.time(),", ":14: attempt to index" },
};

START_TEST(error_names_its_line)
{
    ck_assert(!lesson_text_load(
        &lesson, lesson_text(bad[_i].columns, bad[_i].rest), why));
    ck_assert_msg(strstr(why, bad[_i].complaint) != NULL, "%s: %s",
                  bad[_i].complaint, why);
}
END_TEST

START_TEST(file_without_lesson_table_is_refused)
{
    ck_assert(!lesson_text_load(&lesson, "", why));
    ck_assert(!lesson_text_load(&lesson, "return 3", why));
    ck_assert_msg(strstr(why, ":1: a lesson must return a table") != NULL, "%s",
                  why);
    ck_assert(!lesson_load(&lesson, "/nonexistent.lua", why));
    ck_assert_msg(strstr(why, "/nonexistent.lua: ") != NULL, "%s", why);
}
END_TEST

START_TEST(first_missing_program_is_named)
{
    cJSON *table = cJSON_Parse("{\"needs\":[\"sh\",\"no-such-1\"]}");

    ck_assert_str_eq(lesson_lacks(table), "no-such-1");
    cJSON_Delete(table);
    table = cJSON_Parse("{\"needs\":\"sh\"}");
    ck_assert_ptr_null(lesson_lacks(table));
    cJSON_Delete(table);
}
END_TEST

/* ---- Functions ---------------------------------------------------------- */

/* Measures both cases: run.n is 10 and 20. */
static bool measure(void)
{
    bool sound = true;

    lesson_record_begin(&lesson, 1, LESSONS_OUT);
    for (int i = 0; sound && i < 2; i++) {
        cJSON *entry = lesson_record_case(&lesson, lesson_case(&lesson, i));
        cJSON *run = cJSON_CreateObject();

        cJSON_AddNumberToObject(run, "n", 10 * (i + 1));
        sound = lesson_measure(&lesson, i, run,
                               "{\"event\":\"exit\",\"code\":1}\nplain\n",
                               entry, why);
        cJSON_Delete(run);
    }
    return sound;
}

static const cJSON *entry_of(int index)
{
    return cJSON_GetArrayItem(field(lesson.record, "cases"), index);
}

START_TEST(rows_hold_measured_and_predicted_values)
{
    bool passed = false;

    load("{ key = 'n', title = 'N', format = '%.1f',"
         "  measure = function(run, case, rows) return run.n + case.size end,"
         "  predict = function(case, rows, runs)"
         "    return rows.a.n + rows[2].case.size + runs.b.n end },"
         "{ key = 'log', measure = function(run, case, rows)"
         "    return #run.log .. run.log[1].event .. run.log[2].text ..\n"
         "      rows[case.name].n end },"
         "{ key = 'none', measure = function(run, case)"
         "    return case.name == 'b' and 1 or nil end }",
         "sample_lines = function(runs, rows) return 'n ' .. rows.b.n end,"
         "expect = { { 'more', function(rows) return rows.a.n < rows.b.n,"
         "  'by far' end } },");
    ck_assert_msg(measure(), "%s", why);
    ck_assert_msg(lesson_conclude(&lesson, &passed, why), "%s", why);
    ck_assert(passed);
    ck_assert_double_eq(field_number(field(entry_of(0), "measured"), "n"), 11);
    ck_assert_double_eq(field_number(field(entry_of(1), "measured"), "n"), 22);
    ck_assert_str_eq(field_text(field(entry_of(1), "measured_text"), "n"),
                     "22.0");
    ck_assert_str_eq(field_text(field(entry_of(1), "predicted_text"), "n"),
                     "33.0");
    ck_assert_str_eq(field_text(field(entry_of(0), "measured_text"), "log"),
                     "2exitplain11");
    ck_assert_ptr_null(field(field(entry_of(0), "measured"), "none"));
    ck_assert_str_eq(field_text(lesson.record, "sample_lines"), "n 22");
    ck_assert_str_eq(
        field_text(cJSON_GetArrayItem(field(lesson.record, "expectations"), 0),
                   "remark"),
        "by far");
    lesson_free(&lesson);
}
END_TEST

START_TEST(false_expectation_fails_the_lesson)
{
    bool passed = true;

    load(COLUMN, "expect = { { 'no', function() return false end },"
                 "           { 'yes', function() return true end } },");
    ck_assert(measure());
    ck_assert(lesson_conclude(&lesson, &passed, why));
    ck_assert(!passed);
    lesson_free(&lesson);
}
END_TEST

START_TEST(failing_function_is_reported_with_its_line)
{
    bool passed;

    load("{ key = 'n', measure = function(run) return run.x.y end }", EXPECT);
    ck_assert(!measure());
    ck_assert_msg(strstr(why, ":13: attempt to index") != NULL, "%s", why);
    lesson_free(&lesson);
    load(COLUMN, "expect = { { 'no', function(rows) return rows.c.n end } },");
    ck_assert(measure());
    ck_assert(!lesson_conclude(&lesson, &passed, why));
    ck_assert_msg(strstr(why, ":14: attempt to index") != NULL, "%s", why);
    lesson_free(&lesson);
    load("{ key = 'n', format = '%d', measure = function() return 0.5 end }",
         EXPECT);
    ck_assert(!measure());
    ck_assert_msg(strstr(why, ":13: column n: format: ") != NULL, "%s", why);
    lesson_free(&lesson);
}
END_TEST

START_TEST(experiment_is_adapted_to_measured_values)
{
    cJSON *over;

    load(COLUMN, EXPECT "adapt = function(case, rows)"
                        "  if case.name == 'a' then return nil end"
                        "  return { load = { rate = rows.a.n + case.size } }"
                        " end,");
    ck_assert(measure());
    ck_assert_msg(lesson_adapt(&lesson, 0, &over, why), "%s", why);
    ck_assert_ptr_null(over);
    ck_assert_msg(lesson_adapt(&lesson, 1, &over, why), "%s", why);
    ck_assert(lesson_experiment(&lesson, 1, 9, over, &experiment, why));
    ck_assert_double_eq(experiment.trial.load.rate, 12);
    ck_assert_double_eq(experiment.trial.load.new_share, 0.5);
    experiment_free(&experiment);
    cJSON_Delete(over);
    lesson_free(&lesson);
    load(COLUMN, EXPECT "adapt = function() return nothing.at_all end,");
    ck_assert(!lesson_adapt(&lesson, 0, &over, why));
    ck_assert_msg(strstr(why, ":14: attempt to index") != NULL, "%s", why);
    lesson_free(&lesson);
}
END_TEST

START_TEST(lesson_can_declare_a_run_unsound)
{
    cJSON *run = cJSON_Parse("{\"n\":3}");
    char because[LESSON_WHY];

    load(COLUMN,
         EXPECT "sound = function(run, case)"
                "  return run.n > case.size + #run.log, 'n is ' .. run.n end,");
    ck_assert(lesson_sound(&lesson, 0, run, "line\n", because, why));
    ck_assert_str_eq(because, "");
    ck_assert(lesson_sound(&lesson, 1, run, "line\n", because, why));
    ck_assert_str_eq(because, "n is 3");
    lesson_free(&lesson);
    load(COLUMN, EXPECT);
    ck_assert(lesson_sound(&lesson, 0, run, NULL, because, why));
    ck_assert_str_eq(because, "");
    lesson_free(&lesson);
    cJSON_Delete(run);
}
END_TEST

/* Columns, and the error that each one causes; "" for none. */
static const struct {
    const char *column, *complaint;
} results[] = {
    { "{ key = 'n', measure = function(run) return run end }",
      ":13: column n: measure returned a table (allowed: number" },
    { "{ key = 'n', measure = function(run) return run.m end }",
      ":13: column n: measure returned nil in every case (" },
    { "{ key = 'n', measure = function() return 1 end,"
      "  predict = function(case) return { 1 } end }",
      ":13: column n: predict returned a table (allowed: number" },
    { "{ key = 'n', measure = function() return string.rep end }",
      ":13: column n: measure returned a function (allowed: number" },
    { "{ key = 'n', measure = function(run) return run.n > 10 end }", "" },
    { "{ key = 'n', measure = function(run)"
      "    return run.n > 10 and 1 or nil end }",
      "" },
};

START_TEST(cell_accepts_only_printable_values)
{
    bool passed, sound;

    load(results[_i].column, EXPECT);
    sound = measure() && lesson_conclude(&lesson, &passed, why);
    ck_assert_int_eq(sound, !*results[_i].complaint);
    ck_assert_msg(sound || strstr(why, results[_i].complaint) != NULL, "%s",
                  why);
    lesson_free(&lesson);
}
END_TEST

START_TEST(plots_are_computed_as_points)
{
    const cJSON *plots, *lines;
    bool passed;

    load("{ key = 'n', measure = function(run) return run.n end,"
         "  predict = function(case) return case.size end }",
         EXPECT
         "plots = { { title = 'p', kind = 'lines', x = 'size', y = 'n' },"
         " { title = 'q', kind = 'bars', y = 'n', cases = { 'b' } } },");
    ck_assert(measure());
    ck_assert_msg(lesson_conclude(&lesson, &passed, why), "%s", why);
    plots = field(lesson.record, "plots");
    lines = field(cJSON_GetArrayItem(plots, 0), "lines");
    ck_assert_int_eq(cJSON_GetArraySize(lines), 2);
    ck_assert(!field_true(cJSON_GetArrayItem(lines, 0), "predicted"));
    ck_assert(field_true(cJSON_GetArrayItem(lines, 1), "predicted"));
    ck_assert_int_eq(
        cJSON_GetArraySize(field(cJSON_GetArrayItem(lines, 0), "points")), 2);
    ck_assert_int_eq(
        cJSON_GetArraySize(field(cJSON_GetArrayItem(plots, 1), "bars")), 1);
    lesson_free(&lesson);
    load(COLUMN, EXPECT "plots = { { title = 'p', kind = 'bars', y = 'm' } },");
    ck_assert(measure());
    ck_assert(!lesson_conclude(&lesson, &passed, why));
    ck_assert_msg(strstr(why, "plot \"p\": no case has data") != NULL, "%s",
                  why);
    lesson_free(&lesson);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("lesson");

    tcase_add_test(cases, case_settings_override_shared_ones);
    tcase_add_loop_test(cases, error_names_its_line, 0, ROWS(bad));
    tcase_add_test(cases, file_without_lesson_table_is_refused);
    tcase_add_test(cases, first_missing_program_is_named);
    tcase_add_test(cases, rows_hold_measured_and_predicted_values);
    tcase_add_test(cases, false_expectation_fails_the_lesson);
    tcase_add_test(cases, failing_function_is_reported_with_its_line);
    tcase_add_test(cases, experiment_is_adapted_to_measured_values);
    tcase_add_test(cases, lesson_can_declare_a_run_unsound);
    tcase_add_loop_test(cases, cell_accepts_only_printable_values, 0,
                        ROWS(results));
    tcase_add_test(cases, plots_are_computed_as_points);
    return run_suite("lesson", cases);
}
