/* SPDX-License-Identifier: MIT */
/* trend.c - see trend.h. */
#include "tests/soak/trend.h"
#include <math.h>

void trend_add(struct trend *trend, double x, double y)
{
    trend->count++;
    trend->sum_x += x;
    trend->sum_y += y;
    trend->sum_xx += x * x;
    trend->sum_xy += x * y;
    trend->sum_yy += y * y;
}

struct line trend_fit(const struct trend *trend)
{
    double n = (double)trend->count;
    double spread = n > 0 ? trend->sum_xx - trend->sum_x * trend->sum_x / n : 0;
    double height, both, rest;
    struct line line = { 0 };

    if (trend->count < 2 || spread <= 0)
        return line;
    height = trend->sum_yy - trend->sum_y * trend->sum_y / n;
    both = trend->sum_xy - trend->sum_x * trend->sum_y / n;
    line.slope = both / spread;
    line.level = (trend->sum_y - line.slope * trend->sum_x) / n;
    rest = height - line.slope * both;
    /* For a perfect line, rounding may make `rest` negative. */
    if (trend->count > 2 && rest > 0) {
        line.noise = sqrt(rest / (n - 2));
        line.slope_error = line.noise / sqrt(spread);
    }
    return line;
}

bool trend_rises(const struct line *line, double length, double tolerance)
{
    return line->slope > TREND_ERRORS * line->slope_error &&
           line->slope * length > tolerance;
}
