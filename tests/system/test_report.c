/*
 * test_report.c - a browser opens the report, draws all of it, and has nothing
 * to complain of.  Left out where Debian's chromium is not installed.
 */
#include "tests/system/chaos_run.h"
#include "tests/system/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHROMIUM "/usr/bin/chromium"
#define DYGRAPHS "/usr/share/javascript/dygraphs/dist/dygraph.min.js"

static char folder[64];

static void run_experiment(void)
{
    struct chaos_run run;

    strcpy(folder, "/tmp/report-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    chaos_run(&run,
              "run chaos/experiments/kill-random.ini --out %s "
              "-o run.warm-up=1s -o run.duration=2s -o run.cool-down=1s "
              "-o load.rate=40 "
              "-o target.start='" BUILD_DIRECTORY
              "/supervisor -l 127.0.0.1:0 -w 4 --exit-after 1 "
              "--log-format json'",
              folder);
    ck_assert_msg(run.status != 2, "%s", run.text);
    chaos_run_free(&run);
}

/* The page after its scripts have run, with the console's lines before it. */
static char *open_in_browser(void)
{
    char command[512], *text = calloc(1, 8 << 20);
    FILE *stream;

    ck_assert_ptr_nonnull(text);
    snprintf(command, sizeof(command),
             CHROMIUM " --headless --no-sandbox --disable-gpu "
                      "--user-data-dir=%s/profile --enable-logging=stderr "
                      "--virtual-time-budget=10000 --dump-dom "
                      "file://%s/report.html 2>&1",
             folder, folder);
    stream = popen(command, "re");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_gt(fread(text, 1, (8 << 20) - 1, stream), 0);
    pclose(stream);
    return text;
}

static unsigned occurrences(const char *text, const char *of)
{
    unsigned count = 0;

    while ((text = strstr(text, of))) {
        count++;
        text += strlen(of);
    }
    return count;
}

START_TEST(a_browser_draws_the_report)
{
    char command[128], *page;

    run_experiment();
    page = open_in_browser();
    ck_assert_msg(strstr(page, "data-drawn=\"yes\"") != NULL,
                  "the script did not come to its end");
    ck_assert_msg(strstr(page, "CONSOLE") == NULL, "%.300s",
                  strstr(page, "CONSOLE"));
    /* Two layers for each of three charts. */
    ck_assert_uint_ge(occurrences(page, "<canvas"), 6);
    ck_assert_uint_ge(occurrences(page, "<rect"), 50);
    ck_assert_ptr_nonnull(strstr(page, "dygraph-annotation"));
    ck_assert_ptr_nonnull(strstr(page, "Jain's index"));
    free(page);
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("report");

    if (access(CHROMIUM, X_OK) == 0 && access(DYGRAPHS, R_OK) == 0)
        tcase_add_test(cases, a_browser_draws_the_report);
    else
        printf("left out: chromium and libjs-dygraphs are not installed\n");
    return suite_run(cases, "report");
}
