/* SPDX-License-Identifier: MIT */
/* test_retry_budget.c - how many retries a client may send. */
#include "chaos/load/retry_budget.h"
#include "supervisor/policy/random.h"
#include "tests/harness/run_suite.h"

START_TEST(retries_without_a_share_are_unlimited)
{
    struct retry_budget budget = { 0 };

    for (int i = 0; i < 1000; i++)
        ck_assert(retry_budget_take(&budget));
}
END_TEST

START_TEST(budget_gives_no_credit)
{
    struct retry_budget budget = { .share = 1 };

    ck_assert(!retry_budget_take(&budget));
    retry_budget_pay_in(&budget);
    ck_assert(retry_budget_take(&budget));
    ck_assert(!retry_budget_take(&budget));
}
END_TEST

START_TEST(ten_tenths_allow_one_retry)
{
    struct retry_budget budget = { .share = 0.1 };

    for (int i = 0; i < 9; i++)
        retry_budget_pay_in(&budget);
    ck_assert(!retry_budget_take(&budget));
    retry_budget_pay_in(&budget);
    ck_assert(retry_budget_take(&budget));
}
END_TEST

START_TEST(saved_budget_is_bounded)
{
    struct retry_budget budget = { .share = 0.5 };
    int taken = 0;

    for (int i = 0; i < 1000000; i++)
        retry_budget_pay_in(&budget);
    while (retry_budget_take(&budget))
        taken++;
    ck_assert_int_eq(taken, RETRY_BUDGET_MAX);
}
END_TEST

START_TEST(retries_never_exceed_their_share)
{
    static const double shares[] = { 0.01, 0.1, 0.3, 1 };
    struct random random;

    random_seed(&random, 5);
    for (int s = 0; s < ROWS(shares); s++) {
        struct retry_budget budget = { .share = shares[s] };
        double wanted = 0, retries = 0;

        for (int i = 0; i < 100000; i++) {
            if (random_below(&random, 2) == 0) {
                retry_budget_pay_in(&budget);
                wanted++;
            } else {
                retries += retry_budget_take(&budget);
            }
            ck_assert(retries <= wanted * shares[s] + 1e-6);
        }
        ck_assert(retries > 0);
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("retry_budget");

    tcase_add_test(cases, retries_without_a_share_are_unlimited);
    tcase_add_test(cases, budget_gives_no_credit);
    tcase_add_test(cases, ten_tenths_allow_one_retry);
    tcase_add_test(cases, saved_budget_is_bounded);
    tcase_add_test(cases, retries_never_exceed_their_share);
    return run_suite("retry_budget", cases);
}
