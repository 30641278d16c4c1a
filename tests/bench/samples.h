/*
 * samples.h - measured values, kept whole, so that quantiles are exact.
 *
 * Pure.
 */
#ifndef TESTS_BENCH_SAMPLES_H
#define TESTS_BENCH_SAMPLES_H

#include <stddef.h>

/* Start with all zero; samples_drop() frees what it holds and zeroes it. */
struct samples {
    double *at;
    size_t count, capacity;
};

/* Returns 0, or -1 with errno ENOMEM and the value not taken. */
int samples_add(struct samples *samples, double value);

/* The value below which the share `quantile` (0 to 1) of all lie; 0 if there
 * is none.  Sorts the samples. */
double samples_quantile(struct samples *samples, double quantile);

void samples_drop(struct samples *samples);

#endif
