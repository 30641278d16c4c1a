/* SPDX-License-Identifier: MIT */
/* test_random.c - reproducible streams and unbiased choices. */
#include "supervisor/policy/random.h"
#include "tests/harness/run_suite.h"

#define DRAWS 60000

START_TEST(generator_matches_published_values)
{
    static const uint64_t published[] = {
        11520,
        0,
        1509978240,
        UINT64_C(1215971899390074240),
        UINT64_C(1216172134540287360),
        UINT64_C(607988272756665600),
        UINT64_C(16172922978634559625),
        UINT64_C(8476171486693032832),
        UINT64_C(10595114339597558777),
        UINT64_C(2904607092377533576),
    };
    struct random random = { { 1, 2, 3, 4 } };

    for (int i = 0; i < ROWS(published); i++)
        ck_assert_uint_eq(random_next(&random), published[i]);
}
END_TEST

START_TEST(seed_is_expanded_by_splitmix64)
{
    static const uint64_t published[] = {
        UINT64_C(0xe220a8397b1dcdaf),
        UINT64_C(0x6e789e6aa1b965f4),
        UINT64_C(0x06c45d188009454f),
        UINT64_C(0xf88bb8a8724c81ec),
    };
    struct random random;

    random_seed(&random, 0);
    for (int i = 0; i < ROWS(published); i++)
        ck_assert_uint_eq(random.state[i], published[i]);
}
END_TEST

START_TEST(same_seed_gives_the_same_stream_and_others_differ)
{
    struct random one, same, other;
    int different = 0;

    random_seed(&one, 7);
    random_seed(&same, 7);
    random_seed(&other, 8);
    for (int i = 0; i < 100; i++) {
        uint64_t bits = random_next(&one);

        ck_assert_uint_eq(bits, random_next(&same));
        different += bits != random_next(&other);
    }
    ck_assert_int_eq(different, 100);
}
END_TEST

static const uint64_t bounds[] = { 1,         2,        3,
                                   10,        1U << 31, (UINT64_C(1) << 63) + 1,
                                   UINT64_MAX };

START_TEST(values_are_below_the_bound)
{
    struct random random;

    random_seed(&random, 1);
    for (int i = 0; i < 1000; i++)
        ck_assert_uint_lt(random_below(&random, bounds[_i]), bounds[_i]);
}
END_TEST

START_TEST(bound_zero_gives_zero)
{
    struct random random;

    random_seed(&random, 1);
    ck_assert_uint_eq(random_below(&random, 0), 0);
}
END_TEST

START_TEST(values_are_uniform)
{
    struct random random;
    int seen[6] = { 0 };

    random_seed(&random, 1);
    for (int i = 0; i < DRAWS; i++)
        seen[random_below(&random, 6)]++;
    for (int i = 0; i < 6; i++) {
        ck_assert_int_gt(seen[i], DRAWS / 6 * 95 / 100);
        ck_assert_int_lt(seen[i], DRAWS / 6 * 105 / 100);
    }
}
END_TEST

/* 2^64 is 4/3 of this bound: a plain remainder would give the lowest third in
 * half of all draws. */
START_TEST(values_have_no_modulo_bias)
{
    uint64_t third = UINT64_C(1) << 62;
    struct random random;
    int low = 0;

    random_seed(&random, 1);
    for (int i = 0; i < DRAWS; i++)
        low += random_below(&random, 3 * third) < third;
    ck_assert_int_gt(low, DRAWS / 3 * 95 / 100);
    ck_assert_int_lt(low, DRAWS / 3 * 105 / 100);
}
END_TEST

START_TEST(unit_is_uniform_in_its_interval)
{
    struct random random;
    double sum = 0;

    random_seed(&random, 1);
    for (int i = 0; i < DRAWS; i++) {
        double unit = random_unit(&random);

        ck_assert(unit >= 0 && unit < 1);
        sum += unit;
    }
    ck_assert_double_eq_tol(sum / DRAWS, 0.5, 0.01);
}
END_TEST

START_TEST(exponential_has_its_mean_and_is_memoryless)
{
    struct random random;
    double sum = 0;
    int beyond = 0, far_beyond = 0;

    random_seed(&random, 1);
    for (int i = 0; i < DRAWS; i++) {
        double wait = random_exponential(&random, 20);

        ck_assert(wait >= 0);
        sum += wait;
        beyond += wait > 20;
        far_beyond += wait > 40;
    }
    ck_assert_double_eq_tol(sum / DRAWS, 20, 0.5);
    ck_assert_double_eq_tol((double)beyond / DRAWS, 0.3679, 0.01);
    ck_assert_double_eq_tol((double)far_beyond / beyond, 0.3679, 0.02);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("random");

    tcase_add_test(cases, generator_matches_published_values);
    tcase_add_test(cases, seed_is_expanded_by_splitmix64);
    tcase_add_test(cases, same_seed_gives_the_same_stream_and_others_differ);
    tcase_add_loop_test(cases, values_are_below_the_bound, 0, ROWS(bounds));
    tcase_add_test(cases, bound_zero_gives_zero);
    tcase_add_test(cases, values_are_uniform);
    tcase_add_test(cases, values_have_no_modulo_bias);
    tcase_add_test(cases, unit_is_uniform_in_its_interval);
    tcase_add_test(cases, exponential_has_its_mean_and_is_memoryless);
    return run_suite("random", cases);
}
