/* SPDX-License-Identifier: MIT */
/* test_intensity.c - when failures amount to a crash loop. */
#include "supervisor/policy/intensity.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/failing_pool.h"

START_TEST(one_failure_more_than_the_limit_is_a_crash_loop)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);

    for (uint64_t i = 0; i < LIMIT; i++)
        ck_assert(!fork_and_fail(&intensity, START_US + i * MS));
    ck_assert(permits(&intensity, START_US + LIMIT * MS));
    ck_assert(fork_and_fail(&intensity, START_US + LIMIT * MS));
    ck_assert(!permits(&intensity, START_US + LIMIT * MS));
}
END_TEST

START_TEST(crash_loop_is_reported_once)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);

    for (int i = 0; i < 5 * LIMIT; i++)
        ck_assert(!intensity_failed(&intensity, START_US));
}
END_TEST

/* The times of four failures; the limit is three within the window. */
static const struct {
    const char *because;
    uint64_t at_us[4];
    bool verdict;
} windows[] = {
    { "all at the same time", { 0, 0, 0, 0 }, true },
    { "just within the window", { 0, 0, 0, WINDOW_US }, true },
    { "just outside the window", { 0, 0, 0, WINDOW_US + 1 }, false },
    { "the first is outside the window",
      { 0, 1, WINDOW_US, WINDOW_US + 1 },
      false },
    { "the first is still in the window", { 0, 1, 2, WINDOW_US }, true },
};

START_TEST(window_slides_by_microseconds)
{
    struct intensity intensity = fresh_pool(3, ON_LOOP_PROBE);
    bool verdict = false;

    for (int i = 0; i < 4; i++)
        verdict = fork_and_fail(&intensity, START_US + windows[_i].at_us[i]);
    ck_assert_msg(verdict == windows[_i].verdict, "%s", windows[_i].because);
}
END_TEST

/* Empty entries must not look like failures at time 0. */
START_TEST(limit_is_the_same_right_after_boot)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);

    for (int i = 0; i < LIMIT; i++)
        ck_assert(!fork_and_fail(&intensity, 1));
    ck_assert(fork_and_fail(&intensity, 1));
}
END_TEST

START_TEST(window_may_be_one_microsecond)
{
    struct intensity_rule rule = { 1, 1, ON_LOOP_PROBE, PROBE_US,
                                   PROBE_CAP_US };
    struct intensity intensity;

    intensity_start(&intensity, &rule);
    ck_assert(!fork_and_fail(&intensity, START_US));
    ck_assert(!fork_and_fail(&intensity, START_US + 2));
    ck_assert(fork_and_fail(&intensity, START_US + 3));
}
END_TEST

START_TEST(infrequent_failures_never_add_up)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);
    uint64_t apart_us = WINDOW_US / LIMIT + 1;

    for (uint64_t i = 0; i < 1000; i++)
        ck_assert(!fork_and_fail(&intensity, START_US + i * apart_us));
    ck_assert(fork_and_fail(&intensity, START_US + 999 * apart_us));
}
END_TEST

static const uint32_t limits[] = { 0, 1, 2, 100, INTENSITY_LIMIT_MAX };

START_TEST(every_limit_is_exact)
{
    struct intensity intensity = fresh_pool(limits[_i], ON_LOOP_PROBE);

    for (uint32_t i = 0; i < limits[_i]; i++)
        ck_assert(!fork_and_fail(&intensity, START_US));
    ck_assert(fork_and_fail(&intensity, START_US));
}
END_TEST

/* ---- Kills among successful forks ---------------------------------------- */

START_TEST(failures_of_half_of_the_forks_are_tolerated)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);

    for (int i = 0; i < 100; i++)
        intensity_forked(&intensity, START_US);
    for (int i = 0; i < 50; i++)
        ck_assert(!intensity_failed(&intensity, START_US));
    ck_assert(intensity_failed(&intensity, START_US));
}
END_TEST

/* A thousand workers per second exit after one response each; fifty per second
 * are killed before their first response. */
START_TEST(kills_among_successful_forks_do_not_stop_the_pool)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_GIVE_UP);

    for (uint64_t ms = 0; ms < 60000; ms++) {
        intensity_forked(&intensity, START_US + ms * MS);
        if (ms % 20 == 0)
            ck_assert(!intensity_failed(&intensity, START_US + ms * MS));
        ck_assert(permits(&intensity, START_US + ms * MS));
    }
}
END_TEST

START_TEST(burst_of_kills_after_successful_forks_does_not_stop_the_pool)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_GIVE_UP);

    for (uint64_t ms = 0; ms < 1000; ms++)
        intensity_forked(&intensity, START_US + ms * MS);
    for (int i = 0; i < 3 * LIMIT; i++)
        ck_assert(!intensity_failed(&intensity, START_US + S));
}
END_TEST

/* Returns whether failures `after_us` after many successful forks are a crash
 * loop. */
static bool is_loop_after(uint64_t good_us, uint64_t after_us)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);
    bool verdict = false;

    for (int i = 0; i < 10 * LIMIT; i++)
        intensity_forked(&intensity, good_us);
    for (int i = 0; i <= LIMIT; i++)
        verdict = fork_and_fail(&intensity, good_us + after_us);
    return verdict;
}

/* Successful forks count for the whole window and are forgotten one slice
 * later, wherever in a slice they were. */
START_TEST(successful_forks_delay_the_verdict_by_at_most_the_window)
{
    uint64_t slice_us = WINDOW_US / INTENSITY_SLICES;

    for (uint64_t i = 0; i < 3 * INTENSITY_SLICES; i++) {
        uint64_t good_us = START_US + i * slice_us / 2;

        for (uint64_t slice = 0; slice <= INTENSITY_SLICES; slice++)
            ck_assert(!is_loop_after(good_us, slice * slice_us));
        ck_assert(is_loop_after(good_us, WINDOW_US + slice_us));
        ck_assert(is_loop_after(good_us, 100 * WINDOW_US));
    }
}
END_TEST

/* One failure every 150 ms, all of them among the forks in the window. */
START_TEST(slow_crash_loop_after_successful_forks_is_detected)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);
    bool verdict = false;

    for (uint64_t i = 0; i < 40; i++)
        intensity_forked(&intensity, START_US);
    for (uint64_t i = 1; i <= 60; i++)
        verdict |= fork_and_fail(&intensity, START_US + i * 150 * MS);
    ck_assert(verdict);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("intensity");

    tcase_add_test(cases, one_failure_more_than_the_limit_is_a_crash_loop);
    tcase_add_test(cases, crash_loop_is_reported_once);
    tcase_add_loop_test(cases, window_slides_by_microseconds, 0, ROWS(windows));
    tcase_add_test(cases, limit_is_the_same_right_after_boot);
    tcase_add_test(cases, window_may_be_one_microsecond);
    tcase_add_test(cases, infrequent_failures_never_add_up);
    tcase_add_loop_test(cases, every_limit_is_exact, 0, ROWS(limits));
    tcase_add_test(cases, failures_of_half_of_the_forks_are_tolerated);
    tcase_add_test(cases, kills_among_successful_forks_do_not_stop_the_pool);
    tcase_add_test(
        cases, burst_of_kills_after_successful_forks_does_not_stop_the_pool);
    tcase_add_test(cases,
                   successful_forks_delay_the_verdict_by_at_most_the_window);
    tcase_add_test(cases, slow_crash_loop_after_successful_forks_is_detected);
    return run_suite("intensity", cases);
}
