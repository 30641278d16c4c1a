/* SPDX-License-Identifier: MIT */
/*
 * trend.h - whether a curve rises.
 *
 * Pure: fits a straight line to points by least squares and measures the
 * distance of the points from it, to distinguish a slope from noise.
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

/* Returns all zero if no two points have different x. */
struct line trend_fit(const struct trend *trend);

/*
 * Returns whether the line rises: the slope is more than TREND_ERRORS times its
 * standard error, and over `length` in x the line rises by more than
 * `tolerance`.
 */
#define TREND_ERRORS 3.0
bool trend_rises(const struct line *line, double length, double tolerance);

#endif
