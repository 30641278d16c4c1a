/* SPDX-License-Identifier: MIT */
#include "tests/harness/run_suite.h"
#include <stdlib.h>

/* For one test; reached only if it hangs. */
#define LIMIT_S 120

int run_suite(const char *name, TCase *cases)
{
    Suite *suite = suite_create(name);
    SRunner *runner;
    int failed;

    tcase_set_timeout(cases, LIMIT_S);
    suite_add_tcase(suite, cases);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
