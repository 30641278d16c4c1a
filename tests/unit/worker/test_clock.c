/* SPDX-License-Identifier: MIT */
/* test_clock.c - properties of clocks that need no waiting. */
#include "tests/harness/run_suite.h"
#include "worker/clock.h"

START_TEST(monotonic_time_never_goes_back)
{
    uint64_t before_us = clock_monotonic_us();

    for (int i = 0; i < 10000; i++) {
        uint64_t now_us = clock_monotonic_us();

        ck_assert_uint_ge(now_us, before_us);
        before_us = now_us;
    }
}
END_TEST

START_TEST(milliseconds_are_the_same_clock)
{
    uint64_t before_us = clock_monotonic_us();
    uint64_t now_ms = clock_monotonic_ms();
    uint64_t after_us = clock_monotonic_us();

    ck_assert_uint_ge(now_ms, before_us / 1000);
    ck_assert_uint_le(now_ms, after_us / 1000);
}
END_TEST

START_TEST(wall_time_counts_from_the_epoch)
{
    const uint64_t beginning_of_2020_us = UINT64_C(1577836800) * 1000000;

    ck_assert_uint_gt(clock_wall_us(), beginning_of_2020_us);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("clock");

    tcase_add_test(cases, monotonic_time_never_goes_back);
    tcase_add_test(cases, milliseconds_are_the_same_clock);
    tcase_add_test(cases, wall_time_counts_from_the_epoch);
    return run_suite("clock", cases);
}
