/* SPDX-License-Identifier: MIT */
/* samples.c - see samples.h. */
#include "tests/bench/samples.h"
#include <stdlib.h>

int samples_add(struct samples *samples, double value)
{
    if (samples->count == samples->capacity) {
        size_t capacity = samples->capacity ? 2 * samples->capacity : 64;
        double *at = reallocarray(samples->at, capacity, sizeof *at);

        if (!at)
            return -1;
        samples->at = at;
        samples->capacity = capacity;
    }
    samples->at[samples->count++] = value;
    return 0;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

double samples_quantile(struct samples *samples, double quantile)
{
    if (samples->count == 0)
        return 0;
    qsort(samples->at, samples->count, sizeof *samples->at, ascending);
    return samples->at[(size_t)((double)(samples->count - 1) * quantile + 0.5)];
}

void samples_drop(struct samples *samples)
{
    free(samples->at);
    *samples = (struct samples){ 0 };
}
