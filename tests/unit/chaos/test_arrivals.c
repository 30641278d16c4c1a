/* test_arrivals.c - when requests are due, and what a stretch of them comes to.
 */
#include "chaos/load/arrivals.h"
#include "chaos/measure/phase_stats.h"
#include "tests/harness/run_suite.h"

#define SECOND UINT64_C(1000000)

START_TEST(an_even_pace_does_not_drift)
{
    struct arrivals arrivals;

    arrivals_begin(&arrivals, 3, false, 1, 50);
    for (int i = 0; i < 3 * 3600; i++)
        arrivals_advance(&arrivals);
    ck_assert_uint_eq(arrivals.number, 3 * 3600);
    ck_assert_uint_eq(arrivals_due_us(&arrivals), 50 + 3600 * SECOND);
}
END_TEST

START_TEST(the_first_request_is_due_at_once)
{
    struct arrivals arrivals;

    arrivals_begin(&arrivals, 10, true, 1, 50);
    ck_assert_uint_eq(arrivals_due_us(&arrivals), 50);
}
END_TEST

START_TEST(a_poisson_pace_keeps_the_rate)
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

START_TEST(the_same_seed_is_the_same_pace)
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

/* Successes at these instants of a stretch from 1000 to 2000. */
static const struct {
    const char *because;
    uint64_t ok_us[4];
    int count;
    uint64_t gap_us, from_us;
} gaps[] = {
    { "no success is one long gap", { 0 }, 0, 1000, 1000 },
    { "the way to the first counts", { 1600, 1900 }, 2, 600, 1000 },
    { "between two", { 1100, 1800, 1900 }, 3, 700, 1100 },
    { "the way to the end counts", { 1100, 1200 }, 2, 800, 1200 },
    { "a late answer ends it late", { 1500, 2300 }, 2, 800, 1500 },
};

START_TEST(the_longest_gap_is_what_the_table_says)
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

START_TEST(only_right_answers_have_a_latency)
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

START_TEST(an_answer_before_its_time_took_none)
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
    TCase *cases = tcase_create("pace");

    tcase_add_test(cases, an_even_pace_does_not_drift);
    tcase_add_test(cases, the_first_request_is_due_at_once);
    tcase_add_test(cases, a_poisson_pace_keeps_the_rate);
    tcase_add_test(cases, the_same_seed_is_the_same_pace);
    tcase_add_loop_test(cases, the_longest_gap_is_what_the_table_says, 0,
                        ROWS(gaps));
    tcase_add_test(cases, only_right_answers_have_a_latency);
    tcase_add_test(cases, an_answer_before_its_time_took_none);
    return run_suite("pace", cases);
}
