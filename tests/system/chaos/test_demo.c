/* SPDX-License-Identifier: MIT */
/*
 * test_demo.c - the demo loses no request, and its control, which does not
 * keep connections, loses some.
 */
#include "tests/harness/chaos/reports.h"
#include "tests/harness/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define SUPERVISOR                                                             \
    "-o target.start='" BUILD_DIRECTORY "/supervisor -l 127.0.0.1:0 -w 4 "     \
    "--log-format json --exit-after 1 --exit-code 1"

static char *text;

/* Runs both parts of the demo with `options`; returns its exit status and sets
 * `text` to its output. */
static int run_demo(const char *options)
{
    struct reports reports;
    char command[1024];
    int status;

    reports_make(&reports);
    snprintf(command, sizeof(command),
             "chaos/experiments/demo/demo.sh " BUILD_DIRECTORY
             "/chaos %s -o run.seed=1 %s >%s/output 2>&1",
             reports.path, options, reports.path);
    status = system(command);
    text = reports_read(&reports, "output");
    reports_remove(&reports);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(demo_loses_no_request_and_its_control_loses_some)
{
    int status = run_demo("-o run.duration=4s");
    const char *control = strstr(text, "== control: --no-retain");

    ck_assert_msg(status == 0, "%s", text);
    ck_assert_ptr_nonnull(control);
    ck_assert_ptr_nonnull(strstr(text, "kept: the hypothesis held"));
    ck_assert_ptr_nonnull(strstr(control, "the hypothesis did not hold"));
    ck_assert_ptr_nonnull(strstr(control, "== Side by side"));
    ck_assert_ptr_nonnull(strstr(text, "exits   forks  workers"));
    ck_assert_ptr_nonnull(strstr(text, "code null, signal SIGKILL"));
    ck_assert_ptr_nonnull(strstr(text, "code 1, signal null"));
    ck_assert_msg(strchr(text, '\033') == NULL && strchr(text, '\r') == NULL,
                  "a control character, although output is not a terminal");
    free(text);
}
END_TEST

START_TEST(demo_fails_if_the_first_part_loses_requests)
{
    int status = run_demo("-o run.duration=4s " SUPERVISOR " --no-retain'");

    ck_assert_msg(status == 1, "%s", text);
    ck_assert_ptr_null(strstr(text, "== control"));
    free(text);
}
END_TEST

START_TEST(demo_fails_if_the_control_loses_no_request)
{
    int status = run_demo("-o run.duration=2s " SUPERVISOR "'");

    ck_assert_msg(status == 1, "%s", text);
    ck_assert_ptr_nonnull(strstr(text, "nothing is proved"));
    free(text);
}
END_TEST

START_TEST(demo_reports_bad_input)
{
    int status = run_demo("-o run.speed=1");

    ck_assert_msg(status == 2, "%s", text);
    ck_assert_ptr_nonnull(strstr(text, "has no key 'speed'"));
    free(text);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("demo");

    tcase_add_test(cases, demo_loses_no_request_and_its_control_loses_some);
    tcase_add_test(cases, demo_fails_if_the_first_part_loses_requests);
    tcase_add_test(cases, demo_fails_if_the_control_loses_no_request);
    tcase_add_test(cases, demo_reports_bad_input);
    return suite_run(cases, "demo");
}
