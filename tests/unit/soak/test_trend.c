/* SPDX-License-Identifier: MIT */
/* test_trend.c - distinguishing a rising curve from noise. */
#include "supervisor/policy/random.h"
#include "tests/harness/run_suite.h"
#include "tests/soak/trend.h"

#define POINTS 300

/* Fits a curve that starts at 500, with uniform noise of +-`noise`. */
static struct line fit(double slope, double noise)
{
    struct trend trend = { 0 };
    struct random random;

    random_seed(&random, 1);
    for (unsigned x = 0; x < POINTS; x++) {
        double random_part = (double)random_below(&random, 2001) / 1000 - 1;

        trend_add(&trend, x, 500 + slope * x + noise * random_part);
    }
    return trend_fit(&trend);
}

START_TEST(exact_line_is_fitted_exactly)
{
    struct line line = fit(0.25, 0);

    ck_assert_double_eq_tol(line.slope, 0.25, 1e-9);
    ck_assert_double_eq_tol(line.level, 500, 1e-6);
    ck_assert_double_eq_tol(line.noise, 0, 1e-3);
    ck_assert_double_eq_tol(line.slope_error, 0, 1e-5);
}
END_TEST

START_TEST(slope_is_fitted_despite_noise)
{
    struct line line = fit(0.25, 30);

    ck_assert_double_eq_tol(line.slope, 0.25, TREND_ERRORS * line.slope_error);
    /* Uniform noise of +-30 has a deviation of 30 / sqrt(3). */
    ck_assert_double_eq_tol(line.noise, 17.3, 2);
    ck_assert_double_gt(line.slope_error, 0);
}
END_TEST

static const struct {
    const char *because;
    double slope, noise, tolerance;
    bool rises;
} curves[] = {
    { "a flat curve does not rise", 0, 0, 0, false },
    { "noise does not rise", 0, 30, 0, false },
    { "a falling curve does not rise", -1, 1, 0, false },
    { "a leak rises despite noise", 1, 30, 128, true },
    { "a small leak without noise", 0.001, 0, 0, true },
    { "a slope within the tolerance", 0.1, 0, 128, false },
    { "a slope that noise could cause", 0.01, 300, 0, false },
};

START_TEST(rising_curve_is_detected)
{
    struct line line = fit(curves[_i].slope, curves[_i].noise);

    ck_assert_msg(
        trend_rises(&line, POINTS, curves[_i].tolerance) == curves[_i].rises,
        "%s: slope %g +- %g", curves[_i].because, line.slope, line.slope_error);
}
END_TEST

START_TEST(too_few_points_have_no_slope)
{
    struct trend trend = { 0 };

    ck_assert_double_eq(trend_fit(&trend).slope, 0);
    trend_add(&trend, 1, 7);
    ck_assert_double_eq(trend_fit(&trend).slope, 0);
    trend_add(&trend, 1, 9);
    ck_assert_double_eq(trend_fit(&trend).slope, 0);
    trend_add(&trend, 2, 9);
    ck_assert_double_eq_tol(trend_fit(&trend).slope, 1, 1e-9);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("trend");

    tcase_add_test(cases, exact_line_is_fitted_exactly);
    tcase_add_test(cases, slope_is_fitted_despite_noise);
    tcase_add_loop_test(cases, rising_curve_is_detected, 0, ROWS(curves));
    tcase_add_test(cases, too_few_points_have_no_slope);
    return run_suite("trend", cases);
}
