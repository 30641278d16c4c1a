/* test_counter.c - what all workers count together. */
#include "supervisor/policy/counter.h"
#include "tests/harness/run_suite.h"

START_TEST(adds_and_tells_the_sum)
{
    struct counter counter = { 0 };

    ck_assert_uint_eq(counter_add(&counter, 0, 0), 0);
    ck_assert_uint_eq(counter_add(&counter, 1, 0), 1);
    ck_assert_uint_eq(counter_add(&counter, 1, 0), 2);
    ck_assert_uint_eq(counter_add(&counter, 5, 0), 7);
    ck_assert_uint_eq(counter_add(&counter, 0, 0), 7);
}
END_TEST

START_TEST(a_key_counts_once_and_gets_the_same_answer_again)
{
    struct counter counter = { 0 };

    ck_assert_uint_eq(counter_add(&counter, 1, 42), 1);
    ck_assert_uint_eq(counter_add(&counter, 1, 0), 2);
    ck_assert_uint_eq(counter_add(&counter, 1, 42), 1);
    ck_assert_uint_eq(counter_add(&counter, 1, 43), 3);
    ck_assert_uint_eq(counter_add(&counter, 0, 0), 3);
}
END_TEST

START_TEST(so_many_keys_are_remembered_and_the_oldest_is_forgotten)
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

START_TEST(a_sum_beyond_the_range_stays_at_its_end)
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
    TCase *cases = tcase_create("count");

    tcase_add_test(cases, adds_and_tells_the_sum);
    tcase_add_test(cases, a_sum_beyond_the_range_stays_at_its_end);
    tcase_add_test(cases, a_key_counts_once_and_gets_the_same_answer_again);
    tcase_add_test(cases,
                   so_many_keys_are_remembered_and_the_oldest_is_forgotten);
    return run_suite("counter", cases);
}
