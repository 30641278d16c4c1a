/* SPDX-License-Identifier: MIT */
/* test_breaker.c - which forks the breaker permits in a crash loop. */
#include "supervisor/policy/intensity.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/failing_pool.h"

START_TEST(closed_breaker_limits_concurrent_starts)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);

    ck_assert(intensity_permits(&intensity, START_US, 0, 2));
    ck_assert(intensity_permits(&intensity, START_US, 1, 2));
    ck_assert(!intensity_permits(&intensity, START_US, 2, 2));
    ck_assert(!intensity_permits(&intensity, START_US, 3, 2));
    ck_assert_uint_eq(intensity_wait_us(&intensity, START_US), UINT64_MAX);
}
END_TEST

/* ---- Probing ------------------------------------------------------------- */

START_TEST(no_fork_before_the_first_canary_is_due)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);
    uint64_t due_us = START_US + PROBE_US;

    ck_assert_uint_eq(intensity_wait_us(&intensity, START_US), PROBE_US);
    ck_assert(!permits(&intensity, START_US));
    ck_assert_uint_eq(intensity_wait_us(&intensity, due_us - 1), 1);
    ck_assert(!permits(&intensity, due_us - 1));
    ck_assert_uint_eq(intensity_wait_us(&intensity, due_us), 0);
    ck_assert(permits(&intensity, due_us));
}
END_TEST

START_TEST(canary_is_the_only_fork)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);
    uint64_t due_us = START_US + PROBE_US;

    ck_assert(!intensity_permits(&intensity, due_us, 1, 8));
    intensity_forked(&intensity, due_us);
    ck_assert(!intensity_permits(&intensity, due_us, 0, 8));
    ck_assert(!intensity_permits(&intensity, due_us + 1000 * S, 0, 8));
    ck_assert_uint_eq(intensity_wait_us(&intensity, due_us), UINT64_MAX);
}
END_TEST

START_TEST(failed_canary_doubles_the_wait_up_to_the_cap)
{
    static const uint64_t waits_us[] = { 1 * S, 2 * S, 4 * S,
                                         5 * S, 5 * S, 5 * S };
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);
    uint64_t now_us = START_US;

    for (int i = 0; i < ROWS(waits_us); i++) {
        ck_assert_uint_eq(intensity_wait_us(&intensity, now_us), waits_us[i]);
        now_us += waits_us[i];
        ck_assert(permits(&intensity, now_us));
        intensity_forked(&intensity, now_us);
        now_us += 70 * MS;
        ck_assert(!intensity_failed(&intensity, now_us));
    }
}
END_TEST

START_TEST(first_wait_is_limited_by_the_cap)
{
    struct intensity_rule rule = { 0, WINDOW_US, ON_LOOP_PROBE, 10 * S, 3 * S };
    struct intensity intensity;

    intensity_start(&intensity, &rule);
    ck_assert(fork_and_fail(&intensity, START_US));
    ck_assert_uint_eq(intensity_wait_us(&intensity, START_US), 3 * S);
}
END_TEST

START_TEST(canary_that_makes_progress_closes_the_breaker)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);
    uint64_t now_us = START_US + PROBE_US;

    intensity_forked(&intensity, now_us);
    ck_assert(intensity_progress(&intensity));
    ck_assert(intensity_permits(&intensity, now_us, 1, 2));
    ck_assert(!intensity_progress(&intensity));
}
END_TEST

START_TEST(old_failures_do_not_count_after_the_breaker_closed)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);
    uint64_t now_us = START_US + PROBE_US;

    intensity_forked(&intensity, now_us);
    intensity_progress(&intensity);
    for (int i = 0; i < LIMIT; i++)
        ck_assert(!fork_and_fail(&intensity, now_us));
    ck_assert(fork_and_fail(&intensity, now_us));
    ck_assert_uint_eq(intensity_wait_us(&intensity, now_us), PROBE_US);
}
END_TEST

/* The progress of a worker forked before the crash loop proves nothing. */
START_TEST(progress_without_a_canary_keeps_the_breaker_open)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);

    ck_assert(!intensity_progress(&intensity));
    ck_assert(!permits(&intensity, START_US));
}
END_TEST

START_TEST(late_failures_do_not_delay_the_canary)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);

    for (uint64_t i = 0; i < 50; i++)
        intensity_failed(&intensity, START_US + i * MS);
    ck_assert(permits(&intensity, START_US + PROBE_US));
}
END_TEST

START_TEST(failed_fork_of_the_canary_counts_as_failure)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);
    uint64_t now_us = START_US + PROBE_US;

    ck_assert(!intensity_failed(&intensity, now_us));
    ck_assert_uint_eq(intensity_wait_us(&intensity, now_us), 2 * PROBE_US);
}
END_TEST

/* ---- Hold and give up ---------------------------------------------------- */

static const enum on_crash_loop without_end[] = { ON_LOOP_HOLD,
                                                  ON_LOOP_GIVE_UP };

START_TEST(hold_and_give_up_do_not_end_with_time)
{
    struct intensity intensity = looping_pool(without_end[_i]);

    for (uint64_t now_us = START_US; now_us < START_US + 100000 * S;
         now_us += 1000 * S) {
        ck_assert(!permits(&intensity, now_us));
        ck_assert_uint_eq(intensity_wait_us(&intensity, now_us), UINT64_MAX);
    }
}
END_TEST

START_TEST(operator_ends_hold)
{
    struct intensity intensity = looping_pool(ON_LOOP_HOLD);

    ck_assert(!intensity_progress(&intensity));
    intensity_resume(&intensity);
    ck_assert(permits(&intensity, START_US));
    for (int i = 0; i < LIMIT; i++)
        ck_assert(!fork_and_fail(&intensity, START_US));
    ck_assert(fork_and_fail(&intensity, START_US));
}
END_TEST

START_TEST(operator_ends_probing)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);

    intensity_resume(&intensity);
    ck_assert(permits(&intensity, START_US));
}
END_TEST

START_TEST(operator_cannot_end_give_up)
{
    struct intensity intensity = looping_pool(ON_LOOP_GIVE_UP);

    intensity_resume(&intensity);
    ck_assert(!permits(&intensity, START_US + 1000 * S));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("breaker");

    tcase_add_test(cases, closed_breaker_limits_concurrent_starts);
    tcase_add_test(cases, no_fork_before_the_first_canary_is_due);
    tcase_add_test(cases, canary_is_the_only_fork);
    tcase_add_test(cases, failed_canary_doubles_the_wait_up_to_the_cap);
    tcase_add_test(cases, first_wait_is_limited_by_the_cap);
    tcase_add_test(cases, canary_that_makes_progress_closes_the_breaker);
    tcase_add_test(cases, old_failures_do_not_count_after_the_breaker_closed);
    tcase_add_test(cases, progress_without_a_canary_keeps_the_breaker_open);
    tcase_add_test(cases, late_failures_do_not_delay_the_canary);
    tcase_add_test(cases, failed_fork_of_the_canary_counts_as_failure);
    tcase_add_loop_test(cases, hold_and_give_up_do_not_end_with_time, 0,
                        ROWS(without_end));
    tcase_add_test(cases, operator_ends_hold);
    tcase_add_test(cases, operator_ends_probing);
    tcase_add_test(cases, operator_cannot_end_give_up);
    return run_suite("breaker", cases);
}
