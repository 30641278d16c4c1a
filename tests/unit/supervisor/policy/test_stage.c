/* SPDX-License-Identifier: MIT */
/* test_stage.c - the valid steps between the stages of the supervisor. */
#include "supervisor/policy/stage.h"
#include "tests/harness/run_suite.h"
#include <string.h>

START_TEST(supervisor_drains_and_then_leaves)
{
    ck_assert(stage_may_follow(STAGE_SERVING, STAGE_DRAINING));
    ck_assert(stage_may_follow(STAGE_DRAINING, STAGE_LEAVING));
}
END_TEST

START_TEST(every_other_step_is_refused)
{
    int valid = 0;

    for (int now = 0; now < STAGES; now++)
        for (int next = 0; next < STAGES; next++)
            valid += stage_may_follow((enum stage)now, (enum stage)next);
    ck_assert_int_eq(valid, 2);
}
END_TEST

START_TEST(names_of_stages_are_unique)
{
    for (int i = 0; i < STAGES; i++)
        for (int j = 0; j <= STAGES; j++)
            ck_assert(i == j || strcmp(stage_name((enum stage)i),
                                       stage_name((enum stage)j)) != 0);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("stage");

    tcase_add_test(cases, supervisor_drains_and_then_leaves);
    tcase_add_test(cases, every_other_step_is_refused);
    tcase_add_test(cases, names_of_stages_are_unique);
    return run_suite("stage", cases);
}
