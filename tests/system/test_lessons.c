/*
 * test_lessons.c - lessons as people run them: a tiny one of the test's own,
 * how it ends, what it leaves, and its page in a browser.
 */
#include "chaos/report/run_json.h"
#include "tests/system/browser.h"
#include "tests/system/chaos_run.h"
#include "tests/system/deadline.h"
#include "tests/system/left_behind.h"
#include "tests/system/suite.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];
static char mark[64]; /* in the command lines of this test's supervisors */
static struct chaos_run run;

/* ---- Lessons ------------------------------------------------------------ */

static void setup(void)
{
    strcpy(folder, "/tmp/lessons-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(mark, sizeof(mark), "--seed 9%09d", (int)getpid());
}

static void teardown(void)
{
    char command[128];

    chaos_run_free(&run);
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    left_behind_none(mark);
}

/* Writes FOLDER/NAME: two cases of requests to our supervisor, `seconds` each,
 * with `fields` and the expectation `expected`. */
static void write_lesson(const char *name, const char *seconds,
                         const char *fields, const char *expected)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fprintf(
        file,
        "return {\n"
        "  title = 'Tiny', question = 'Q?', prediction = 'P.',\n"
        "  learn = 'L.', try = 'N.',\n"
        "  experiment = {\n"
        "    target = { url = 'http://127.0.0.1:0/', start =\n"
        "      '%s/supervisor -l 127.0.0.1:0 -w 2 %s --log-format json' },\n"
        "    load = { rate = 40 },\n"
        "    run = { ['warm-up'] = 0, duration = '%s',\n"
        "            ['cool-down'] = 0 },\n"
        "  },\n"
        "  cases = { { name = 'slow', rate = 40 },\n"
        "            { name = 'fast', rate = 80,\n"
        "              experiment = { load = { rate = 80 } } } },\n"
        "  columns = { { key = 'ok', title = 'answered', format = '%%d',\n"
        "    measure = function(run) return run.phases.storm.ok end,\n"
        "    predict = function(case) return case.rate end } },\n"
        "  plots = { { title = 'Bars', kind = 'bars', y = 'ok' },\n"
        "    { title = 'Time', kind = 'series', y = 'ok' },\n"
        "    { title = 'Line', kind = 'lines', x = 'rate', y = 'ok' } },\n"
        "  excerpt = function(runs) return\n"
        "    'forks ' .. #stats.events(runs.slow, 'fork') end,\n"
        "  %s\n"
        "  expect = { { 'as expected', function(rows) return %s end } },\n"
        "}\n",
        BUILD_DIRECTORY, mark, seconds, fields, expected);
    ck_assert_int_eq(fclose(file), 0);
}

static void run_lesson(const char *name, int status)
{
    chaos_run(&run, "lesson --lessons %s --out %s/out %s", folder, folder,
              name);
    ck_assert_msg(run.status == status, "%d: %s", run.status, run.text);
}

static void says(const char *text)
{
    ck_assert_msg(strstr(run.text, text) != NULL, "no \"%s\" in: %s", text,
                  run.text);
}

static bool there_is(const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return access(path, R_OK) == 0;
}

/* ---- How it ends -------------------------------------------------------- */

/* A folder stands where the record should. */
START_TEST(a_record_that_cannot_be_left_is_void)
{
    char command[160];

    write_lesson("01-tiny.lua", "1s", "", "rows.fast.ok > rows.slow.ok");
    snprintf(command, sizeof(command), "mkdir -p %s/out/tiny/lesson.json/full",
             folder);
    ck_assert_int_eq(system(command), 0);
    run_lesson("tiny", 3);
    says("lesson.json");
}
END_TEST

START_TEST(a_lesson_passes_and_leaves_its_record)
{
    char path[128];
    cJSON *record;

    write_lesson("01-tiny.lua", "1s", "", "rows.fast.ok > rows.slow.ok");
    run_lesson("tiny", 0);
    says("Question\n  Q?");
    says("1/2  slow");
    says("2/2  fast");
    says("PASS    as expected");
    says("      forks ");
    snprintf(path, sizeof(path), "Again:  build/chaos lesson %s/01-tiny.lua --",
             folder);
    says(path);
    snprintf(path, sizeof(path), " --out %s/out\n", folder);
    says(path);
    ck_assert(there_is("out/lessons.html"));
    ck_assert(there_is("out/tiny/slow/run.json"));
    ck_assert(there_is("out/tiny/fast/report.html"));
    ck_assert(there_is("out/tiny/fast/target.log"));
    snprintf(path, sizeof(path), "%s/out/tiny/lesson.json", folder);
    record = json_read(path);
    ck_assert_str_eq(
        cJSON_GetStringValue(cJSON_GetObjectItem(record, "result")), "passed");
    cJSON_Delete(record);
}
END_TEST

START_TEST(a_lesson_fails_when_its_expectation_is_false)
{
    write_lesson("01-tiny.lua", "500ms", "", "rows.fast.ok < rows.slow.ok");
    run_lesson("1", 1);
    says("FAIL    as expected");
    says("FAIL    lesson 1, tiny");
}
END_TEST

START_TEST(what_cannot_be_measured_is_void)
{
    write_lesson("01-tiny.lua", "500ms",
                 "cases = { { name = 'never', experiment = { target = {\n"
                 "  start = 'sleep 86413', ready = '100ms' } } } },",
                 "true");
    run_lesson("tiny", 3);
    says("took no connection in time");
    says("VOID    lesson 1, tiny");
    left_behind_none("sleep 86413");
}
END_TEST

START_TEST(what_the_lesson_says_is_unsound_is_void)
{
    write_lesson("01-tiny.lua", "500ms",
                 "sound = function(run, case)\n"
                 "  return case.name == 'slow', 'it was ill' end,",
                 "true");
    run_lesson("tiny", 3);
    says("void: it was ill");
    says("VOID    lesson 1, tiny: it was ill");
}
END_TEST

START_TEST(without_a_steady_state_a_case_is_void_and_the_course_goes_on)
{
    write_lesson("01-tiny.lua", "500ms",
                 "cases = { { name = 'slow', void_ok = true, experiment = {\n"
                 "  ['steady-state'] = { p50 = '1us' },\n"
                 "  run = { ['warm-up'] = '300ms' } } } }, plots = nil,",
                 "true");
    write_lesson("02-other.lua", "500ms", "", "true");
    run_lesson("all", 3);
    says("steady state was never reached");
    says("   1  VOID    Tiny");
    says("   2  PASS    Tiny\n1 passed, 1 failed\n");
}
END_TEST

START_TEST(what_may_be_void_is_no_obstacle)
{
    write_lesson(
        "01-tiny.lua", "500ms",
        "cases = { { name = 'slow' }, { name = 'never',\n"
        "  void_ok = true, experiment = { target = {\n"
        "  start = 'sleep 86413', ready = '100ms' } } } }, plots = nil,",
        "rows.slow.ok > 0 and not rows.never");
    run_lesson("tiny", 0);
    left_behind_none("sleep 86413");
}
END_TEST

START_TEST(the_targets_own_end_may_be_what_one_came_to_see)
{
    write_lesson("01-tiny.lua", "1s",
                 "cases = { { name = 'slow', experiment = { target = {\n"
                 "  ['may-end'] = true, start = '" BUILD_DIRECTORY
                 "/supervisor -l 127.0.0.1:0 -w 2 -s 0 --exit-after 1 '\n"
                 "  .. '--respawn never --log-format json' } } } },\n"
                 "columns = { { key = 'ok', measure = function(run)\n"
                 "  return run.phases.storm.ok end }, { key = 'refused',\n"
                 "  measure = function(run)\n"
                 "    return run.phases.storm.classes.refused end },\n"
                 "  { key = 'final', measure = function(run)\n"
                 "    return run['end'] end } }, plots = nil,",
                 "rows.slow.ok == 2 and rows.slow.refused > 10 and\n"
                 "  rows.slow.final == 'target died'");
    run_lesson("tiny", 0);
}
END_TEST

START_TEST(a_mistake_is_told_with_file_and_line)
{
    char place[128];

    write_lesson("01-tiny.lua", "500ms", "frobnicate = 1,", "true");
    run_lesson("tiny", 2);
    snprintf(place, sizeof(place),
             "chaos: %s/01-tiny.lua:22: a lesson knows no frobnicate", folder);
    says(place);
    chaos_run_free(&run);
    write_lesson("01-tiny.lua", "500ms", "", "rows.nobody.ok");
    run_lesson("tiny", 2);
    snprintf(place, sizeof(place), "chaos: %s/01-tiny.lua:23: attempt to index",
             folder);
    says(place);
    ck_assert(!there_is("out/tiny/lesson.json"));
    chaos_run_free(&run);
    run_lesson("nobody", 2);
    says("there is no lesson \"nobody\"");
}
END_TEST

START_TEST(all_are_run_in_order_and_what_is_missing_is_named)
{
    write_lesson("01-tiny.lua", "500ms", "", "rows.slow.ok > 0");
    write_lesson("02-other.lua", "500ms",
                 "needs = 'no-such-program', title = 'Other',", "false");
    write_lesson("03-wrong.lua", "500ms", "title = 'Wrong',", "false");
    run_lesson("", 0);
    says("  01  tiny                   Tiny\n  02  other");
    chaos_run_free(&run);
    run_lesson("all", 1);
    says("   1  PASS    Tiny\n   2  skipped Other: it needs no-such-program, "
         "which is not installed here\n   3  FAIL    Wrong\n1 passed, 1 "
         "failed\n");
    ck_assert(there_is("out/lessons.html"));
}
END_TEST

/* Whether the page has it. */
static bool shows(const char *text)
{
    char command[256];

    snprintf(command, sizeof(command), "grep -q '%s' %s/out/lessons.html", text,
             folder);
    return system(command) == 0;
}

START_TEST(the_page_shows_how_each_ended_last_and_none_that_is_gone)
{
    char path[128];

    write_lesson("01-tiny.lua", "500ms", "", "true");
    write_lesson("02-other.lua", "500ms", "", "true");
    run_lesson("all", 0);
    ck_assert(shows("2 of 2 passed"));
    chaos_run_free(&run);
    write_lesson("01-tiny.lua", "500ms", "", "false");
    run_lesson("1", 1);
    ck_assert(shows("1 of 2 passed, 1 failed"));
    chaos_run_free(&run);
    write_lesson("01-tiny.lua", "500ms", "", "rows.nobody.ok");
    run_lesson("1", 2);
    ck_assert(!there_is("out/tiny/lesson.json"));
    chaos_run_free(&run);
    snprintf(path, sizeof(path), "%s/02-other.lua", folder);
    ck_assert_int_eq(unlink(path), 0);
    write_lesson("01-tiny.lua", "500ms", "sound = function() end,", "true");
    run_lesson("all", 3);
    ck_assert(shows("0 of 1 passed, 1 void"));
}
END_TEST

/* What a teacher copies from the README. */
START_TEST(the_lesson_of_the_readme_passes)
{
    char command[512];

    snprintf(command, sizeof(command),
             "awk '/^```lua$/ { on = 1; next } /^```$/ { on = 0 } on' "
             "README.md | sed 's|build/supervisor|%s/supervisor %s|' "
             ">%s/16-every-kth.lua",
             BUILD_DIRECTORY, mark, folder);
    ck_assert_int_eq(system(command), 0);
    run_lesson("16", 0);
    says("PASS    lesson 16, every-kth");
}
END_TEST

START_TEST(an_interrupted_lesson_leaves_nothing_behind)
{
    char lessons[128], out[128];
    struct deadline deadline;
    cJSON *record;
    int status = 0;
    pid_t pid;

    write_lesson("01-tiny.lua", "60s", "", "true");
    snprintf(lessons, sizeof(lessons), "%s/01-tiny.lua", folder);
    snprintf(out, sizeof(out), "%s/out", folder);
    pid = fork();
    if (pid == 0) {
        int nowhere = open("/dev/null", O_WRONLY);

        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execl(BUILD_DIRECTORY "/chaos", "chaos", "lesson", lessons, "--out",
              out, (char *)NULL);
        _exit(127);
    }
    deadline = deadline_start();
    while (left_behind(mark) == 0)
        ck_assert(deadline_nap(deadline));
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 3);
    left_behind_none(mark);
    snprintf(out, sizeof(out), "%s/out/tiny/lesson.json", folder);
    record = json_read(out);
    ck_assert_str_eq(
        cJSON_GetStringValue(cJSON_GetObjectItem(record, "result")),
        "interrupted");
    cJSON_Delete(record);
}
END_TEST

/* ---- The page ----------------------------------------------------------- */

START_TEST(a_browser_draws_the_course)
{
    char *page;

    write_lesson("01-tiny.lua", "1s", "", "true");
    run_lesson("all", 0);
    page = browser_open(folder, "out/lessons.html");
    ck_assert_msg(strstr(page, "data-drawn=\"yes\"") != NULL,
                  "the script did not come to its end");
    ck_assert_msg(strstr(page, "CONSOLE") == NULL, "%.300s",
                  strstr(page, "CONSOLE"));
    /* Two layers for each of two charts. */
    ck_assert_uint_ge(browser_occurrences(page, "<canvas"), 4);
    ck_assert_uint_ge(browser_occurrences(page, "class=\"fill\""), 2);
    ck_assert_ptr_nonnull(strstr(page, "Later →"));
    free(page);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("lessons");

    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, a_record_that_cannot_be_left_is_void);
    tcase_add_test(cases, a_lesson_passes_and_leaves_its_record);
    tcase_add_test(cases, a_lesson_fails_when_its_expectation_is_false);
    tcase_add_test(cases, what_cannot_be_measured_is_void);
    tcase_add_test(cases, what_the_lesson_says_is_unsound_is_void);
    tcase_add_test(
        cases, without_a_steady_state_a_case_is_void_and_the_course_goes_on);
    tcase_add_test(cases, what_may_be_void_is_no_obstacle);
    tcase_add_test(cases, the_targets_own_end_may_be_what_one_came_to_see);
    tcase_add_test(cases, a_mistake_is_told_with_file_and_line);
    tcase_add_test(cases, all_are_run_in_order_and_what_is_missing_is_named);
    tcase_add_test(cases,
                   the_page_shows_how_each_ended_last_and_none_that_is_gone);
    tcase_add_test(cases, the_lesson_of_the_readme_passes);
    tcase_add_test(cases, an_interrupted_lesson_leaves_nothing_behind);
    if (browser_is_there())
        tcase_add_test(cases, a_browser_draws_the_course);
    else
        printf("left out: chromium and libjs-dygraphs are not installed\n");
    return suite_run(cases, "lessons");
}
