/* SPDX-License-Identifier: MIT */
/* test_arrivals.c - when requests are due, and the statistics of a phase. */
#include "chaos/load/arrivals.h"
#include "chaos/measure/phase_stats.h"
#include "tests/harness/run_suite.h"

#define SECOND UINT64_C(1000000)

START_TEST(even_arrivals_do_not_drift)
{
    struct arrivals arrivals;

    arrivals_begin(&arrivals, 3, false, 1, 50);
    for (int i = 0; i < 3 * 3600; i++)
        arrivals_advance(&arrivals);
    ck_assert_uint_eq(arrivals.number, 3 * 3600);
    ck_assert_uint_eq(arrivals_due_us(&arrivals), 50 + 3600 * SECOND);
}
END_TEST

START_TEST(first_request_is_due_immediately)
{
    struct arrivals arrivals;

    arrivals_begin(&arrivals, 10, true, 1, 50);
    ck_assert_uint_eq(arrivals_due_us(&arrivals), 50);
}
END_TEST

START_TEST(poisson_arrivals_keep_the_rate)
{
    struct arrivals arrivals;

    arrivals_begin(&arrivals, 1000, true, 3, 0);
    for (int i = 0; i < 100000; i++)
        arrivals_advance(&arrivals);
    /* 100 s expected, standard deviation 0.3 s. */
    ck_assert_uint_gt(arrivals_due_us(&arrivals), 98 * SECOND);
    ck_assert_uint_lt(arrivals_due_us(&arrivals), 102 * SECOND);
}
END_TEST

START_TEST(same_seed_gives_the_same_arrivals)
{
    struct arrivals one, other;

    arrivals_begin(&one, 1000, true, 3, 0);
    arrivals_begin(&other, 1000, true, 3, 0);
    for (int i = 0; i < 1000; i++) {
        ck_assert_uint_eq(arrivals_due_us(&one), arrivals_due_us(&other));
        arrivals_advance(&one);
        arrivals_advance(&other);
    }
}
END_TEST

/* Successes at these times in a phase from 1000 to 2000. */
static const struct {
    const char *because;
    uint64_t ok_us[4];
    int count;
    uint64_t gap_us, from_us;
} gaps[] = {
    { "no success: the whole phase", { 0 }, 0, 1000, 1000 },
    { "from the start to the first success", { 1600, 1900 }, 2, 600, 1000 },
    { "between two successes", { 1100, 1800, 1900 }, 3, 700, 1100 },
    { "from the last success to the end", { 1100, 1200 }, 2, 800, 1200 },
    { "a success after the end", { 1500, 2300 }, 2, 800, 1500 },
};

START_TEST(longest_gap_is_measured)
{
    static struct phase_stats phase_stats;

    phase_stats_begin(&phase_stats, 1000);
    for (int i = 0; i < gaps[_i].count; i++)
        phase_stats_succeed(&phase_stats, gaps[_i].ok_us[i]);
    phase_stats_close(&phase_stats, 2000);
    ck_assert_msg(phase_stats.gap_us == gaps[_i].gap_us, "%s: %llu",
                  gaps[_i].because, (unsigned long long)phase_stats.gap_us);
    ck_assert_uint_eq(phase_stats.gap_from_us, gaps[_i].from_us);
}
END_TEST

START_TEST(only_correct_responses_have_a_latency)
{
    static struct phase_stats phase_stats;
    struct figures figures;

    phase_stats_begin(&phase_stats, 0);
    for (int i = 0; i < OUTCOMES; i++) {
        ledger_begin(&phase_stats.ledger);
        phase_stats_record(&phase_stats, (enum outcome)i, 100, 100 + 50);
    }
    phase_stats_close(&phase_stats, 1000);
    figures = phase_stats_figures(&phase_stats);
    ck_assert_uint_eq(phase_stats.latency.count, 1);
    ck_assert_uint_eq(figures.p50_us, 50);
    ck_assert_uint_eq(figures.requests, OUTCOMES);
    ck_assert_uint_eq(figures.ok, 1);
    ck_assert_uint_eq(figures.server_errors, 1);
    ck_assert_uint_eq(figures.lost, OUTCOMES - 4);
    ck_assert(figures.balanced);
}
END_TEST

START_TEST(early_response_has_latency_zero)
{
    static struct phase_stats phase_stats;

    phase_stats_begin(&phase_stats, 0);
    ledger_begin(&phase_stats.ledger);
    phase_stats_record(&phase_stats, OUTCOME_OK, 100, 90);
    ck_assert_uint_eq(phase_stats.latency.max_us, 0);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("arrivals");

    tcase_add_test(cases, even_arrivals_do_not_drift);
    tcase_add_test(cases, first_request_is_due_immediately);
    tcase_add_test(cases, poisson_arrivals_keep_the_rate);
    tcase_add_test(cases, same_seed_gives_the_same_arrivals);
    tcase_add_loop_test(cases, longest_gap_is_measured, 0, ROWS(gaps));
    tcase_add_test(cases, only_correct_responses_have_a_latency);
    tcase_add_test(cases, early_response_has_latency_zero);
    return run_suite("arrivals", cases);
}
