/* SPDX-License-Identifier: MIT */
/* test_histogram.c - quantiles of the histogram against the exact ones. */
#include "chaos/measure/histogram.h"
#include "supervisor/policy/random.h"
#include "tests/harness/run_suite.h"
#include <stdlib.h>
#include <string.h>

#define VALUES 20000

static struct histogram histogram, other;
static uint64_t values[VALUES];

static int by_size(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

/* By definition the value at this rank of the sorted values. */
static uint64_t exact_quantile(uint64_t count, double share)
{
    uint64_t rank = (uint64_t)(share * (double)count);

    if ((double)rank < share * (double)count)
        rank++;
    return values[rank ? rank - 1 : 0];
}

/* Distributions that latencies may have. */
static uint64_t draw(struct random *random, int shape)
{
    switch (shape) {
    case 0:
        return random_below(random, 100);
    case 1:
        return random_below(random, 5000000);
    case 2:
        return (uint64_t)random_exponential(random, 3000);
    case 3:
        return random_below(random, 100) < 98
                   ? 100 + random_below(random, 20)
                   : 1000000 + random_below(random, 1000000);
    default:
        return UINT64_C(1) << random_below(random, 37);
    }
}

START_TEST(quantiles_are_within_one_percent)
{
    static const double shares[] = { 0,   0.001, 0.01,  0.1,    0.25, 0.5,
                                     0.9, 0.99,  0.999, 0.9999, 1 };
    struct random random;

    random_seed(&random, (uint64_t)_i);
    memset(&histogram, 0, sizeof(histogram));
    for (int i = 0; i < VALUES; i++) {
        values[i] = draw(&random, _i);
        histogram_record(&histogram, values[i]);
    }
    qsort(values, VALUES, sizeof(values[0]), by_size);
    for (int i = 0; i < ROWS(shares); i++) {
        uint64_t exact = exact_quantile(VALUES, shares[i]);
        uint64_t estimate = histogram_quantile(&histogram, shares[i]);
        uint64_t error = estimate > exact ? estimate - exact : exact - estimate;

        ck_assert_msg(error * 100 <= exact,
                      "shape %d, quantile %g: exactly %llu, estimate %llu", _i,
                      shares[i], (unsigned long long)exact,
                      (unsigned long long)estimate);
    }
}
END_TEST

START_TEST(merged_histograms_equal_one_of_all_values)
{
    static struct histogram together;
    struct random random;

    random_seed(&random, 7);
    memset(&histogram, 0, sizeof(histogram));
    memset(&other, 0, sizeof(other));
    for (int i = 0; i < VALUES; i++) {
        uint64_t value = draw(&random, i % 5);

        histogram_record(i % 3 ? &histogram : &other, value);
        histogram_record(&together, value);
    }
    histogram_merge(&histogram, &other);
    ck_assert_mem_eq(&histogram, &together, sizeof(together));
}
END_TEST

START_TEST(merging_an_empty_histogram_changes_nothing)
{
    static struct histogram before, empty;

    memset(&histogram, 0, sizeof(histogram));
    histogram_record(&histogram, 42);
    before = histogram;
    histogram_merge(&histogram, &empty);
    ck_assert_mem_eq(&histogram, &before, sizeof(before));
    histogram_merge(&empty, &histogram);
    ck_assert_mem_eq(&empty, &before, sizeof(before));
}
END_TEST

START_TEST(buckets_cover_all_values_and_are_narrow)
{
    for (uint32_t i = 0; i + 1 < HISTOGRAM_BUCKETS; i++) {
        uint64_t low = histogram_lower_end(i);
        uint64_t next = histogram_lower_end(i + 1);

        ck_assert_uint_lt(low, next);
        ck_assert_msg((next - low - 1) * 128 <= low, "bucket %u is too wide",
                      i);
    }
    ck_assert_uint_eq(histogram_lower_end(HISTOGRAM_BUCKETS),
                      HISTOGRAM_LIMIT_US);
}
END_TEST

START_TEST(values_are_counted_in_their_bucket)
{
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        static const struct histogram empty;

        histogram = empty;
        histogram_record(&histogram, histogram_lower_end(i));
        histogram_record(&histogram, histogram_lower_end(i + 1) - 1);
        ck_assert_uint_eq(histogram.buckets[i], 2);
    }
}
END_TEST

START_TEST(values_beyond_the_limit_count_in_the_last_bucket)
{
    static struct histogram beyond;

    histogram_record(&beyond, UINT64_MAX);
    histogram_record(&beyond, HISTOGRAM_LIMIT_US);
    ck_assert_uint_eq(beyond.buckets[HISTOGRAM_BUCKETS - 1], 2);
    ck_assert_uint_eq(histogram_quantile(&beyond, 1), UINT64_MAX);
}
END_TEST

START_TEST(empty_histogram_has_quantile_and_mean_zero)
{
    static const struct histogram empty;

    ck_assert_uint_eq(histogram_quantile(&empty, 0.5), 0);
    ck_assert(histogram_mean(&empty) == 0);
}
END_TEST

START_TEST(mean_is_exact)
{
    static struct histogram three;

    histogram_record(&three, 1000);
    histogram_record(&three, 2000);
    histogram_record(&three, 1000000);
    ck_assert(histogram_mean(&three) == 1003000.0 / 3);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("histogram");

    tcase_add_loop_test(cases, quantiles_are_within_one_percent, 0, 5);
    tcase_add_test(cases, merged_histograms_equal_one_of_all_values);
    tcase_add_test(cases, merging_an_empty_histogram_changes_nothing);
    tcase_add_test(cases, buckets_cover_all_values_and_are_narrow);
    tcase_add_test(cases, values_are_counted_in_their_bucket);
    tcase_add_test(cases, values_beyond_the_limit_count_in_the_last_bucket);
    tcase_add_test(cases, empty_histogram_has_quantile_and_mean_zero);
    tcase_add_test(cases, mean_is_exact);
    return run_suite("histogram", cases);
}
