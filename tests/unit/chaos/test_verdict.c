/* SPDX-License-Identifier: MIT */
/* test_verdict.c - whether claims hold for measured figures. */
#include "chaos/measure/verdict.h"
#include "tests/harness/run_suite.h"
#include <math.h>
#include <string.h>

/* A run that just meets strict(). */
static struct figures good(void)
{
    return (struct figures){ .requests = 1000,
                             .ok = 1000,
                             .p50_us = 1000,
                             .p99_us = 5000,
                             .p999_us = 9000,
                             .gap_us = 20000,
                             .balanced = true };
}

static struct hypothesis strict(void)
{
    return (struct hypothesis){ .availability = 1,
                                .lost = 0,
                                .server_errors = 0,
                                .p50_us = 1000,
                                .p99_us = 5000,
                                .p999_us = 9000,
                                .gap_us = 20000 };
}

START_TEST(claims_hold_at_their_limits)
{
    struct hypothesis hypothesis = strict();
    struct figures figures = good();
    struct verdict verdict = verdict_reach(&hypothesis, &figures);

    ck_assert_int_eq(verdict.outcome, VERDICT_PASS);
    ck_assert_uint_eq(verdict.finding_count, CLAIMS);
    for (uint32_t i = 0; i < verdict.finding_count; i++)
        ck_assert(verdict.findings[i].held);
}
END_TEST

/* Each row worsens one figure by the smallest amount. */
static const struct {
    enum claim claim;
    struct figures worse;
} breaches[] = {
    { CLAIM_AVAILABILITY, { .ok = 1 } },
    { CLAIM_LOST, { .lost = 1 } },
    { CLAIM_SERVER_ERRORS, { .server_errors = 1 } },
    { CLAIM_P50, { .p50_us = 1 } },
    { CLAIM_P99, { .p99_us = 1 } },
    { CLAIM_P999, { .p999_us = 1 } },
    { CLAIM_GAP, { .gap_us = 1 } },
};

START_TEST(one_breach_fails_the_run_and_is_named)
{
    struct hypothesis hypothesis = strict();
    const struct figures *worse = &breaches[_i].worse;
    struct figures figures = good();
    struct verdict verdict;

    figures.ok -= worse->ok;
    figures.lost += worse->lost;
    figures.server_errors += worse->server_errors;
    figures.p50_us += worse->p50_us;
    figures.p99_us += worse->p99_us;
    figures.p999_us += worse->p999_us;
    figures.gap_us += worse->gap_us;
    verdict = verdict_reach(&hypothesis, &figures);
    ck_assert_int_eq(verdict.outcome, VERDICT_FAIL);
    for (uint32_t i = 0; i < verdict.finding_count; i++)
        ck_assert_msg(verdict.findings[i].held ==
                          (verdict.findings[i].claim != breaches[_i].claim),
                      "%s", claim_name(verdict.findings[i].claim));
}
END_TEST

START_TEST(figures_without_claim_are_not_judged)
{
    struct hypothesis hypothesis = HYPOTHESIS_NONE;
    struct figures figures = {
        .requests = 10, .lost = 10, .gap_us = UINT64_MAX, .balanced = true
    };
    struct verdict verdict = verdict_reach(&hypothesis, &figures);

    ck_assert_int_eq(verdict.outcome, VERDICT_PASS);
    ck_assert_uint_eq(verdict.finding_count, 0);
}
END_TEST

START_TEST(claim_on_an_unmeasured_latency_fails)
{
    struct hypothesis hypothesis = HYPOTHESIS_NONE;
    struct figures figures = { .requests = 10, .lost = 10, .balanced = true };
    struct verdict verdict;

    hypothesis.p99_us = 1000;
    verdict = verdict_reach(&hypothesis, &figures);
    ck_assert_int_eq(verdict.outcome, VERDICT_FAIL);
}
END_TEST

static const struct {
    const char *because;
    struct figures figures;
} invalid[] = {
    { "the classes do not add up", { .requests = 10, .ok = 10 } },
    { "there were no requests", { .balanced = true } },
    { "the client was late",
      { .requests = 10,
        .ok = 10,
        .balanced = true,
        .lateness_p99_us = VERDICT_LATENESS_US_MAX + 1 } },
    { "the classes do not add up, although some were lost",
      { .requests = 10, .lost = 10 } },
};

START_TEST(invalid_measurement_is_inconclusive)
{
    struct hypothesis hypothesis = HYPOTHESIS_NONE;
    struct verdict verdict;

    hypothesis.lost = 0;
    verdict = verdict_reach(&hypothesis, &invalid[_i].figures);
    ck_assert_msg(verdict.outcome == VERDICT_INCONCLUSIVE, "%s",
                  invalid[_i].because);
    ck_assert_ptr_nonnull(verdict.because);
}
END_TEST

START_TEST(late_client_invalidates_times_but_not_losses)
{
    struct hypothesis hypothesis = HYPOTHESIS_NONE;
    struct figures figures = good();
    struct verdict verdict;

    hypothesis.lost = 0;
    hypothesis.p99_us = 400 * 1000;
    figures.lateness_p99_us = 100 * 1000;
    verdict = verdict_reach(&hypothesis, &figures);
    ck_assert_int_eq(verdict.outcome, VERDICT_PASS);
    figures.lateness_p99_us++;
    verdict = verdict_reach(&hypothesis, &figures);
    ck_assert_int_eq(verdict.outcome, VERDICT_INCONCLUSIVE);
    figures.p99_us = 500 * 1000;
    verdict = verdict_reach(&hypothesis, &figures);
    ck_assert_int_eq(verdict.outcome, VERDICT_INCONCLUSIVE);
    figures.lost = 1;
    verdict = verdict_reach(&hypothesis, &figures);
    ck_assert_int_eq(verdict.outcome, VERDICT_FAIL);
}
END_TEST

/* Of 1000 responses, 10 may be truncated. */
static const struct {
    const char *because;
    struct hypothesis hypothesis;
    enum verdict_outcome outcome;
} unproven[] = {
    { "all must succeed",
      { .availability = 1, .lost = VERDICT_NO_LIMIT },
      VERDICT_INCONCLUSIVE },
    { "none may be lost", { .lost = 0 }, VERDICT_INCONCLUSIVE },
    { "9 may be lost", { .lost = 9 }, VERDICT_INCONCLUSIVE },
    { "10 may be lost", { .lost = 10 }, VERDICT_PASS },
    { "991 must succeed",
      { .availability = 0.991, .lost = VERDICT_NO_LIMIT },
      VERDICT_INCONCLUSIVE },
    { "990 must succeed",
      { .availability = 0.99, .lost = VERDICT_NO_LIMIT },
      VERDICT_PASS },
    { "no claim depends on them", { .lost = VERDICT_NO_LIMIT }, VERDICT_PASS },
};

START_TEST(unproven_responses_that_could_break_a_claim_make_it_inconclusive)
{
    struct hypothesis hypothesis = unproven[_i].hypothesis;
    struct figures figures = good();
    struct verdict verdict;

    hypothesis.server_errors = VERDICT_NO_LIMIT;
    hypothesis.p50_us = hypothesis.p99_us = VERDICT_NO_LIMIT;
    hypothesis.p999_us = hypothesis.gap_us = VERDICT_NO_LIMIT;
    figures.unproven = 10;
    verdict = verdict_reach(&hypothesis, &figures);
    ck_assert_msg(verdict.outcome == unproven[_i].outcome, "%s",
                  unproven[_i].because);
    ck_assert(verdict.undecided == (verdict.outcome == VERDICT_INCONCLUSIVE));
    ck_assert((verdict.because != NULL) == verdict.undecided);
}
END_TEST

START_TEST(unproven_responses_do_not_excuse_losses)
{
    struct hypothesis hypothesis = strict();
    struct figures figures = good();
    struct verdict verdict;

    figures.unproven = figures.lost = 1;
    verdict = verdict_reach(&hypothesis, &figures);
    ck_assert_int_eq(verdict.outcome, VERDICT_FAIL);
    ck_assert(!verdict.undecided);
}
END_TEST

static const struct {
    const char *because;
    uint64_t claimed_us, limit_us;
} limits[] = {
    { "no claim on times", VERDICT_NO_LIMIT, VERDICT_LATENESS_US_MAX },
    { "a quarter of the claim", 100 * 1000, 25 * 1000 },
    { "not below the minimum", 100, VERDICT_LATENESS_US_MIN },
    { "not above the maximum", 100 * 1000 * 1000, VERDICT_LATENESS_US_MAX },
};

START_TEST(lateness_limit_follows_the_strictest_claim)
{
    struct hypothesis hypothesis = HYPOTHESIS_NONE;

    hypothesis.gap_us = 100 * 1000 * 1000;
    hypothesis.p99_us = limits[_i].claimed_us;
    ck_assert_msg(verdict_lateness_limit_us(&hypothesis) == limits[_i].limit_us,
                  "%s", limits[_i].because);
}
END_TEST

START_TEST(outcomes_have_the_documented_exit_status)
{
    ck_assert_int_eq(verdict_exit_status(VERDICT_PASS), 0);
    ck_assert_int_eq(verdict_exit_status(VERDICT_FAIL), 1);
    ck_assert_int_eq(verdict_exit_status(VERDICT_INCONCLUSIVE), 3);
}
END_TEST

static const struct {
    struct finding finding;
    const char *text;
} findings[] = {
    { { CLAIM_AVAILABILITY, 0.999, 0.99995, true },
      "availability 99.995 %, claimed: at least 99.900 %" },
    { { CLAIM_LOST, 0, 1234, false }, "lost 1,234, claimed: at most 0" },
    { { CLAIM_P99, 50000, 3140, true }, "p99 3.14 ms, claimed: at most 50 ms" },
    { { CLAIM_P99, 50000, NAN, false }, "p99 none, claimed: at most 50 ms" },
    { { CLAIM_GAP, 1000000, 2500000, false },
      "longest gap 2.5 s, claimed: at most 1.0 s" },
};

START_TEST(findings_are_written_as_sentences)
{
    char buffer[128];

    ck_assert_str_eq(
        finding_write(buffer, sizeof(buffer), &findings[_i].finding),
        findings[_i].text);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("verdict");

    tcase_add_test(cases, claims_hold_at_their_limits);
    tcase_add_loop_test(cases, one_breach_fails_the_run_and_is_named, 0,
                        ROWS(breaches));
    tcase_add_test(cases, figures_without_claim_are_not_judged);
    tcase_add_test(cases, claim_on_an_unmeasured_latency_fails);
    tcase_add_loop_test(cases, invalid_measurement_is_inconclusive, 0,
                        ROWS(invalid));
    tcase_add_test(cases, late_client_invalidates_times_but_not_losses);
    tcase_add_loop_test(
        cases, unproven_responses_that_could_break_a_claim_make_it_inconclusive,
        0, ROWS(unproven));
    tcase_add_test(cases, unproven_responses_do_not_excuse_losses);
    tcase_add_loop_test(cases, lateness_limit_follows_the_strictest_claim, 0,
                        ROWS(limits));
    tcase_add_test(cases, outcomes_have_the_documented_exit_status);
    tcase_add_loop_test(cases, findings_are_written_as_sentences, 0,
                        ROWS(findings));
    return run_suite("verdict", cases);
}
