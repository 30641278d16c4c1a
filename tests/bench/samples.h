/* SPDX-License-Identifier: MIT */
/*
 * samples.h - keeps all measured values, so that quantiles are exact.
 *
 * Pure.
 */
#ifndef TESTS_BENCH_SAMPLES_H
#define TESTS_BENCH_SAMPLES_H

#include <stddef.h>

/* Zero it before use; samples_drop() frees its memory and zeroes it. */
struct samples {
    double *at;
    size_t count, capacity;
};

/* Returns 0, or -1 with errno ENOMEM; the value is not added then. */
int samples_add(struct samples *samples, double value);

/* The value below which the share `quantile` (0 to 1) of all values lies; 0
 * without values.  Sorts the samples. */
double samples_quantile(struct samples *samples, double quantile);

void samples_drop(struct samples *samples);

#endif
