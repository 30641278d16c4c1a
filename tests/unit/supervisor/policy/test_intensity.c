/* test_intensity.c - when failures are a crash loop, and when they are not. */
#include "supervisor/policy/intensity.h"
#include "tests/harness/run_suite.h"
#include "tests/harness/supervisor/failing_pool.h"

START_TEST(as_many_failures_as_the_limit_are_tolerated_and_one_more_is_not)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);

    for (uint64_t i = 0; i < LIMIT; i++)
        ck_assert(!fork_and_fail(&intensity, START_US + i * MS));
    ck_assert(permits(&intensity, START_US + LIMIT * MS));
    ck_assert(fork_and_fail(&intensity, START_US + LIMIT * MS));
    ck_assert(!permits(&intensity, START_US + LIMIT * MS));
}
END_TEST

START_TEST(the_verdict_is_told_once)
{
    struct intensity intensity = looping_pool(ON_LOOP_PROBE);

    for (int i = 0; i < 5 * LIMIT; i++)
        ck_assert(!intensity_failed(&intensity, START_US));
}
END_TEST

/* The times of four failures, where three within the window are tolerated. */
static const struct {
    const char *because;
    uint64_t at_us[4];
    bool verdict;
} windows[] = {
    { "all at once", { 0, 0, 0, 0 }, true },
    { "just within the window", { 0, 0, 0, WINDOW_US }, true },
    { "just outside", { 0, 0, 0, WINDOW_US + 1 }, false },
    { "the first has slid out", { 0, 1, WINDOW_US, WINDOW_US + 1 }, false },
    { "it is the first that counts", { 0, 1, 2, WINDOW_US }, true },
};

START_TEST(the_window_slides_exactly)
{
    struct intensity intensity = fresh_pool(3, ON_LOOP_PROBE);
    bool verdict = false;

    for (int i = 0; i < 4; i++)
        verdict = fork_and_fail(&intensity, START_US + windows[_i].at_us[i]);
    ck_assert_msg(verdict == windows[_i].verdict, "%s", windows[_i].because);
}
END_TEST

/* Nothing happened before time began. */
START_TEST(a_machine_that_has_just_booted_has_the_same_patience)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);

    for (int i = 0; i < LIMIT; i++)
        ck_assert(!fork_and_fail(&intensity, 1));
    ck_assert(fork_and_fail(&intensity, 1));
}
END_TEST

START_TEST(a_window_may_be_as_short_as_time_can_tell)
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

START_TEST(failures_that_keep_apart_never_add_up)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);
    uint64_t apart_us = WINDOW_US / LIMIT + 1;

    for (uint64_t i = 0; i < 1000; i++)
        ck_assert(!fork_and_fail(&intensity, START_US + i * apart_us));
    ck_assert(fork_and_fail(&intensity, START_US + 999 * apart_us));
}
END_TEST

static const uint32_t limits[] = { 0, 1, 2, 100, INTENSITY_LIMIT_MAX };

START_TEST(every_limit_is_kept)
{
    struct intensity intensity = fresh_pool(limits[_i], ON_LOOP_PROBE);

    for (uint32_t i = 0; i < limits[_i]; i++)
        ck_assert(!fork_and_fail(&intensity, START_US));
    ck_assert(fork_and_fail(&intensity, START_US));
}
END_TEST

/* ---- Kills amid good work ------------------------------------------------ */

START_TEST(half_of_the_forks_is_not_more_than_half)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);

    for (int i = 0; i < 100; i++)
        intensity_forked(&intensity, START_US);
    for (int i = 0; i < 50; i++)
        ck_assert(!intensity_failed(&intensity, START_US));
    ck_assert(intensity_failed(&intensity, START_US));
}
END_TEST

/* Workers exit after each response, a thousand a second; fifty a second are
 * killed before their first. */
START_TEST(kills_amid_good_work_never_stop_the_pool)
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

START_TEST(all_workers_killed_at_once_amid_good_work_do_not_stop_it_either)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_GIVE_UP);

    for (uint64_t ms = 0; ms < 1000; ms++)
        intensity_forked(&intensity, START_US + ms * MS);
    for (int i = 0; i < 3 * LIMIT; i++)
        ck_assert(!intensity_failed(&intensity, START_US + S));
}
END_TEST

/* Does the verdict fall on failures so long after many good forks? */
static bool falls_after(uint64_t good_us, uint64_t after_us)
{
    struct intensity intensity = fresh_pool(LIMIT, ON_LOOP_PROBE);
    bool verdict = false;

    for (int i = 0; i < 10 * LIMIT; i++)
        intensity_forked(&intensity, good_us);
    for (int i = 0; i <= LIMIT; i++)
        verdict = fork_and_fail(&intensity, good_us + after_us);
    return verdict;
}

/* Whenever it was: a good past is remembered for the whole window, and
 * forgotten one slice of it later. */
START_TEST(a_good_past_puts_the_verdict_off_by_no_more_than_the_window)
{
    uint64_t slice_us = WINDOW_US / INTENSITY_SLICES;

    for (uint64_t i = 0; i < 3 * INTENSITY_SLICES; i++) {
        uint64_t good_us = START_US + i * slice_us / 2;

        for (uint64_t slice = 0; slice <= INTENSITY_SLICES; slice++)
            ck_assert(!falls_after(good_us, slice * slice_us));
        ck_assert(falls_after(good_us, WINDOW_US + slice_us));
        ck_assert(falls_after(good_us, 100 * WINDOW_US));
    }
}
END_TEST

/* However slowly: thirty failures in the window, all that were forked, are
 * more than half of them, though the limit is eleven. */
START_TEST(a_pool_that_only_fails_is_found_out_after_good_work)
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
    TCase *cases = tcase_create("verdict");

    tcase_add_test(
        cases, as_many_failures_as_the_limit_are_tolerated_and_one_more_is_not);
    tcase_add_test(cases, the_verdict_is_told_once);
    tcase_add_loop_test(cases, the_window_slides_exactly, 0, ROWS(windows));
    tcase_add_test(cases, a_machine_that_has_just_booted_has_the_same_patience);
    tcase_add_test(cases, a_window_may_be_as_short_as_time_can_tell);
    tcase_add_test(cases, failures_that_keep_apart_never_add_up);
    tcase_add_loop_test(cases, every_limit_is_kept, 0, ROWS(limits));
    tcase_add_test(cases, half_of_the_forks_is_not_more_than_half);
    tcase_add_test(cases, kills_amid_good_work_never_stop_the_pool);
    tcase_add_test(
        cases, all_workers_killed_at_once_amid_good_work_do_not_stop_it_either);
    tcase_add_test(cases,
                   a_good_past_puts_the_verdict_off_by_no_more_than_the_window);
    tcase_add_test(cases, a_pool_that_only_fails_is_found_out_after_good_work);
    return run_suite("intensity", cases);
}
