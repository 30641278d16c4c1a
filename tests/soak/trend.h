/*
 * trend.h - does a curve rise?
 *
 * Pure: fits a straight line through points (min squares) and says how far
 * the points lie from it, so that a slope can be told from noise.
 */
#ifndef TESTS_SOAK_TREND_H
#define TESTS_SOAK_TREND_H

#include <stdbool.h>
#include <stddef.h>

/* Sums over the points (x, y); empty when all zero. */
struct trend {
    size_t count;
    double sum_x, sum_y, sum_xx, sum_xy, sum_yy;
};

/* The line y = level + slope * x. */
struct line {
    double level, slope;
    double slope_error; /* standard error of the slope; 0 below 3 points */
    double noise;       /* standard deviation of the points from the line */
};

void trend_add(struct trend *trend, double x, double y);

/* All zero when there are no two points with different x. */
struct line trend_fit(const struct trend *trend);

/*
 * The line rises: its slope is at least TREND_ERRORS times its error above
 * zero, and over a stretch of `length` in x it rises by more than `tolerance`.
 */
#define TREND_ERRORS 3.0
bool trend_rises(const struct line *line, double length, double tolerance);

#endif
