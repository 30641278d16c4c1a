/* SPDX-License-Identifier: MIT */
/*
 * test_course.c - several lessons: their order, the lesson in the README, an
 * interruption, and the page in a browser.
 */
#include "chaos/report/run_json.h"
#include "tests/harness/chaos/browser.h"
#include "tests/harness/chaos/tiny_lesson.h"
#include "tests/harness/deadline.h"
#include "tests/harness/leftover_processes.h"
#include "tests/harness/suite.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(all_lessons_run_in_order_and_a_missing_program_is_named)
{
    tiny_lesson_write("01-tiny.lua", "500ms", "", "rows.slow.ok > 0");
    tiny_lesson_write("02-other.lua", "500ms",
                      "needs = 'no-such-program', title = 'Other',", "false");
    tiny_lesson_write("03-wrong.lua", "500ms", "title = 'Wrong',", "false");
    tiny_lesson_run("", 0);
    tiny_lesson_says("  01  tiny                   Tiny\n  02  other");
    chaos_run_free(&tiny_lesson.run);
    tiny_lesson_run("all", 1);
    tiny_lesson_says(
        "   1  PASS    Tiny\n   2  skipped Other: requires no-such-program, "
        "which is not installed\n   3  FAIL    Wrong\n1 passed, 1 "
        "failed\n");
    ck_assert(tiny_lesson_left("out/lessons.html"));
}
END_TEST

/* Returns whether the page contains `text`. */
static bool shows(const char *text)
{
    char command[256];

    snprintf(command, sizeof(command), "grep -q '%s' %s/out/lessons.html", text,
             tiny_lesson.folder.path);
    return system(command) == 0;
}

START_TEST(page_shows_the_last_result_of_each_existing_lesson)
{
    char path[128];

    tiny_lesson_write("01-tiny.lua", "500ms", "", "true");
    tiny_lesson_write("02-other.lua", "500ms", "", "true");
    tiny_lesson_run("all", 0);
    ck_assert(shows("2 of 2 passed"));
    chaos_run_free(&tiny_lesson.run);
    tiny_lesson_write("01-tiny.lua", "500ms", "", "false");
    tiny_lesson_run("1", 1);
    ck_assert(shows("1 of 2 passed, 1 failed"));
    chaos_run_free(&tiny_lesson.run);
    tiny_lesson_write("01-tiny.lua", "500ms", "", "rows.missing.ok");
    tiny_lesson_run("1", 2);
    ck_assert(!tiny_lesson_left("out/tiny/lesson.json"));
    chaos_run_free(&tiny_lesson.run);
    snprintf(path, sizeof(path), "%s/02-other.lua", tiny_lesson.folder.path);
    ck_assert_int_eq(unlink(path), 0);
    tiny_lesson_write("01-tiny.lua", "500ms", "sound = function() end,",
                      "true");
    tiny_lesson_run("all", 3);
    ck_assert(shows("0 of 1 passed, 1 inconclusive"));
}
END_TEST

/* Extracts the lesson from the README and runs it. */
START_TEST(lesson_in_the_readme_passes)
{
    char command[512];

    snprintf(
        command, sizeof(command),
        "awk '/^```lua$/ { on = 1; next } /^```$/ { on = 0 } on' "
        "chaos/course/README.md | sed 's|build/supervisor|%s/supervisor %s|' "
        ">%s/16-every-kth.lua",
        BUILD_DIRECTORY, tiny_lesson.mark, tiny_lesson.folder.path);
    ck_assert_int_eq(system(command), 0);
    tiny_lesson_run("16", 0);
    tiny_lesson_says("PASS    lesson 16, every-kth");
}
END_TEST

START_TEST(interrupted_lesson_leaves_no_process)
{
    char lessons[128], out[128];
    struct deadline deadline;
    cJSON *record;
    int status = 0;
    pid_t pid;

    tiny_lesson_write("01-tiny.lua", "60s", "", "true");
    snprintf(lessons, sizeof(lessons), "%s/01-tiny.lua",
             tiny_lesson.folder.path);
    snprintf(out, sizeof(out), "%s/out", tiny_lesson.folder.path);
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
    while (left_behind(tiny_lesson.mark) == 0)
        ck_assert(deadline_nap(deadline));
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 3);
    left_behind_none(tiny_lesson.mark);
    snprintf(out, sizeof(out), "%s/out/tiny/lesson.json",
             tiny_lesson.folder.path);
    record = json_read(out);
    ck_assert_str_eq(
        cJSON_GetStringValue(cJSON_GetObjectItem(record, "result")),
        "interrupted");
    cJSON_Delete(record);
}
END_TEST

START_TEST(browser_draws_the_course)
{
    char *page;

    tiny_lesson_write("01-tiny.lua", "1s", "", "true");
    tiny_lesson_run("all", 0);
    page = browser_open(tiny_lesson.folder.path, "out/lessons.html");
    ck_assert_msg(strstr(page, "data-drawn=\"yes\"") != NULL,
                  "the script did not finish");
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
    TCase *cases = suite_case("course");

    tcase_add_checked_fixture(cases, tiny_lesson_setup, tiny_lesson_teardown);
    tcase_add_test(cases,
                   all_lessons_run_in_order_and_a_missing_program_is_named);
    tcase_add_test(cases, page_shows_the_last_result_of_each_existing_lesson);
    tcase_add_test(cases, lesson_in_the_readme_passes);
    tcase_add_test(cases, interrupted_lesson_leaves_no_process);
    if (browser_is_there())
        tcase_add_test(cases, browser_draws_the_course);
    else
        printf("skipped: chromium is not installed\n");
    return suite_run(cases, "course");
}
