/* SPDX-License-Identifier: MIT */
#include "tests/harness/suite.h"
#include "tests/harness/deadline.h"
#include "tests/harness/supervisor/supervised.h"
#include <stdlib.h>

/* Longer than every deadline within a test, so it ends only tests that hang. */
#define TEST_LIMIT_S 180.0

TCase *suite_case(const char *name)
{
    TCase *cases = tcase_create(name);

    tcase_set_timeout(cases, TEST_LIMIT_S * deadline_factor());
    tcase_add_checked_fixture(cases, NULL, supervised_sweep);
    return cases;
}

int suite_run(TCase *cases, const char *name)
{
    Suite *suite = suite_create(name);
    SRunner *runner;
    int failed;

    suite_add_tcase(suite, cases);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
