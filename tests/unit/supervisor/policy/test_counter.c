/* SPDX-License-Identifier: MIT */
/* test_counter.c - the counter that all workers share. */
#include "supervisor/policy/counter.h"
#include "tests/harness/run_suite.h"

START_TEST(add_returns_the_sum)
{
    struct counter counter = { 0 };

    ck_assert_uint_eq(counter_add(&counter, 0, 0), 0);
    ck_assert_uint_eq(counter_add(&counter, 1, 0), 1);
    ck_assert_uint_eq(counter_add(&counter, 1, 0), 2);
    ck_assert_uint_eq(counter_add(&counter, 5, 0), 7);
    ck_assert_uint_eq(counter_add(&counter, 0, 0), 7);
}
END_TEST

START_TEST(repeated_key_counts_once_and_returns_the_same_sum)
{
    struct counter counter = { 0 };

    ck_assert_uint_eq(counter_add(&counter, 1, 42), 1);
    ck_assert_uint_eq(counter_add(&counter, 1, 0), 2);
    ck_assert_uint_eq(counter_add(&counter, 1, 42), 1);
    ck_assert_uint_eq(counter_add(&counter, 1, 43), 3);
    ck_assert_uint_eq(counter_add(&counter, 0, 0), 3);
}
END_TEST

START_TEST(oldest_key_is_forgotten_first)
{
    struct counter counter = { 0 };

    for (uint64_t key = 1; key <= COUNTER_KEYS; key++)
        ck_assert_uint_eq(counter_add(&counter, 1, key), key);
    for (uint64_t key = 1; key <= COUNTER_KEYS; key++)
        ck_assert_uint_eq(counter_add(&counter, 1, key), key);
    counter_add(&counter, 1, COUNTER_KEYS + 1);
    ck_assert_uint_eq(counter_add(&counter, 1, 2), 2);
    ck_assert_uint_eq(counter_add(&counter, 1, 1), COUNTER_KEYS + 2);
    ck_assert_uint_eq(counter_add(&counter, 1, 2), COUNTER_KEYS + 3);
}
END_TEST

START_TEST(sum_saturates)
{
    static struct counter counter;

    counter_add(&counter, 7, 0);
    ck_assert_uint_eq(counter_add(&counter, UINT64_MAX - 7, 0), UINT64_MAX);
    ck_assert_uint_eq(counter_add(&counter, 1, 0), UINT64_MAX);
    ck_assert_uint_eq(counter_add(&counter, UINT64_MAX, 0), UINT64_MAX);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("counter");

    tcase_add_test(cases, add_returns_the_sum);
    tcase_add_test(cases, sum_saturates);
    tcase_add_test(cases, repeated_key_counts_once_and_returns_the_same_sum);
    tcase_add_test(cases, oldest_key_is_forgotten_first);
    return run_suite("counter", cases);
}
