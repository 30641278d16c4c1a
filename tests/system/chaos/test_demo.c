/* SPDX-License-Identifier: MIT */
/*
 * test_demo.c - the demo loses no request, and its control, which does not
 * keep connections, loses some.
 */
#include "tests/harness/chaos/chaos_run.h"
#include "tests/harness/suite.h"
#include <string.h>

START_TEST(demo_loses_no_request_and_its_control_loses_some)
{
    struct chaos_run run;

    chaos_run(&run, "demo --first 4s --second 4s --seed 1");
    ck_assert_msg(run.status == 0, "%s", run.text);
    ck_assert_ptr_nonnull(strstr(run.text, "no client noticed anything"));
    ck_assert_ptr_nonnull(strstr(run.text, "code null, signal SIGKILL"));
    ck_assert_ptr_nonnull(strstr(run.text, "code 1, signal null"));
    ck_assert_msg(strchr(run.text, '\033') == NULL,
                  "an escape sequence, although output is not a terminal");
    chaos_run_fits(&run);
    chaos_run_free(&run);
}
END_TEST

int main(void)
{
    TCase *cases = suite_case("demo");

    tcase_add_test(cases, demo_loses_no_request_and_its_control_loses_some);
    return suite_run(cases, "demo");
}
