/* SPDX-License-Identifier: MIT */
/*
 * test_report.c - a browser draws the whole report without a console message.
 * Skipped if Debian's chromium is not installed.
 */
#include "tests/harness/chaos/browser.h"
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/chaos/reports.h"
#include "tests/harness/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct reports reports;

static void run_experiment(void)
{
    struct chaos_run run;

    reports_make(&reports);
    chaos_run(&run,
              "run chaos/experiments/control-no-retain.ini --out %s "
              "-o run.baseline=1s -o run.duration=2s -o run.recovery=1s "
              "-o load.rate=40 -o target.url=http://127.0.0.1:0/?sleep=60ms "
              "-o target.start='" BUILD_DIRECTORY
              "/supervisor -l 127.0.0.1:0 -w 4 --exit-after 1 "
              "--no-retain --log-format json'",
              reports.path);
    ck_assert_msg(run.status != 2, "%s", run.text);
    chaos_run_free(&run);
}

/* The times of the injections that hit, as the page draws them. */
static void check_injections(const char *page)
{
    cJSON *record = reports_record(&reports);
    const cJSON *injection;
    char attribute[4096] = "data-injections=\"", *end = attribute;
    const char *separator = "";

    end += strlen(end);
    cJSON_ArrayForEach(injection, record_member(record, "injections"))
    {
        if (strcmp(record_member(injection, "result")->valuestring, "hit"))
            continue;
        end += sprintf(end, "%s%.15g", separator,
                       record_number(injection, "at_us") / 1e6);
        ck_assert(end < attribute + sizeof(attribute) - 32);
        separator = " ";
    }
    ck_assert_ptr_nonnull(strchr(attribute, '.'));
    ck_assert_msg(strstr(page, attribute) != NULL, "no %s", attribute);
    cJSON_Delete(record);
}

START_TEST(browser_draws_the_report)
{
    char *page;

    run_experiment();
    page = browser_open(reports.path, "report.html");
    ck_assert_msg(strstr(page, "data-drawn=\"yes\"") != NULL,
                  "the script did not finish");
    ck_assert_msg(strstr(page, "CONSOLE") == NULL, "%.300s",
                  strstr(page, "CONSOLE"));
    /* Two layers for each of three charts. */
    ck_assert_uint_ge(browser_occurrences(page, "<canvas"), 6);
    ck_assert_uint_ge(browser_occurrences(page, "<rect"), 30);
    check_injections(page);
    ck_assert_ptr_nonnull(strstr(page, "Jain's index"));
    /* The next column shows how the requests failed. */
    ck_assert_ptr_nonnull(
        strstr(page, "failures attributed to it</th><th scope=\"col\">"));
    free(page);
    reports_remove(&reports);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("report");

    if (browser_is_there())
        tcase_add_test(cases, browser_draws_the_report);
    else
        printf("skipped: chromium is not installed\n");
    return suite_run(cases, "report");
}
