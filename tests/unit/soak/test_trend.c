/* test_trend.c - when a curve rises, and when it only shakes. */
#include "supervisor/policy/random.h"
#include "tests/harness/run_suite.h"
#include "tests/soak/trend.h"

#define POINTS 300

/* A curve from 500 on, with noise of up to `noise` either way. */
static struct line fit(double slope, double noise)
{
    struct trend trend = { 0 };
    struct random random;

    random_seed(&random, 1);
    for (unsigned x = 0; x < POINTS; x++) {
        double shake = (double)random_below(&random, 2001) / 1000 - 1;

        trend_add(&trend, x, 500 + slope * x + noise * shake);
    }
    return trend_fit(&trend);
}

START_TEST(a_line_is_found_as_it_is)
{
    struct line line = fit(0.25, 0);

    ck_assert_double_eq_tol(line.slope, 0.25, 1e-9);
    ck_assert_double_eq_tol(line.level, 500, 1e-6);
    ck_assert_double_eq_tol(line.noise, 0, 1e-3);
    ck_assert_double_eq_tol(line.slope_error, 0, 1e-5);
}
END_TEST

START_TEST(noise_is_told_apart_from_the_slope)
{
    struct line line = fit(0.25, 30);

    ck_assert_double_eq_tol(line.slope, 0.25, TREND_ERRORS * line.slope_error);
    /* Even noise of +-30 has a deviation of 30 / sqrt(3). */
    ck_assert_double_eq_tol(line.noise, 17.3, 2);
    ck_assert_double_gt(line.slope_error, 0);
}
END_TEST

static const struct {
    const char *because;
    double slope, noise, tolerance;
    bool rises;
} curves[] = {
    { "what is flat does not rise", 0, 0, 0, false },
    { "nor does what shakes", 0, 30, 0, false },
    { "nor what falls", -1, 1, 0, false },
    { "a leak shows through the noise", 1, 30, 128, true },
    { "also where nothing shakes", 0.001, 0, 0, true },
    { "what stays within the tolerance is none", 0.1, 0, 128, false },
    { "nor is a slope that the noise could make", 0.01, 300, 0, false },
};

START_TEST(a_curve_rises_as_the_table_says)
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

    tcase_add_test(cases, a_line_is_found_as_it_is);
    tcase_add_test(cases, noise_is_told_apart_from_the_slope);
    tcase_add_loop_test(cases, a_curve_rises_as_the_table_says, 0,
                        ROWS(curves));
    tcase_add_test(cases, too_few_points_have_no_slope);
    return run_suite("trend", cases);
}
