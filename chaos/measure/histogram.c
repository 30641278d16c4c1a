/* SPDX-License-Identifier: MIT */
/* histogram.c - see histogram.h. */
#include "chaos/measure/histogram.h"
#include <math.h>

#define STEP_BITS 7

_Static_assert(HISTOGRAM_STEPS == 1 << STEP_BITS,
               "STEP_BITS is the logarithm of HISTOGRAM_STEPS");
_Static_assert(HISTOGRAM_LIMIT_US == UINT64_C(1)
                                         << (STEP_BITS + HISTOGRAM_OCTAVES - 1),
               "the last octave ends at the limit");

/* The first HISTOGRAM_STEPS buckets hold one value each.  Above them, the
 * bucket is given by the leading STEP_BITS + 1 bits of a value and the number
 * of bits after them. */
static uint32_t bucket_of(uint64_t value_us)
{
    uint32_t dropped;

    if (value_us >= HISTOGRAM_LIMIT_US)
        return HISTOGRAM_BUCKETS - 1;
    if (value_us < HISTOGRAM_STEPS)
        return (uint32_t)value_us;
    dropped = 63 - (uint32_t)__builtin_clzll(value_us) - STEP_BITS;
    return dropped * HISTOGRAM_STEPS + (uint32_t)(value_us >> dropped);
}

uint64_t histogram_lower_end(uint32_t index)
{
    uint32_t dropped;

    if (index < 2 * HISTOGRAM_STEPS)
        return index;
    dropped = index / HISTOGRAM_STEPS - 1;
    return (uint64_t)(index - dropped * HISTOGRAM_STEPS) << dropped;
}

void histogram_record(struct histogram *histogram, uint64_t value_us)
{
    if (histogram->count == 0 || value_us < histogram->min_us)
        histogram->min_us = value_us;
    if (value_us > histogram->max_us)
        histogram->max_us = value_us;
    histogram->count++;
    histogram->sum_us += value_us;
    histogram->buckets[bucket_of(value_us)]++;
}

void histogram_merge(struct histogram *histogram, const struct histogram *other)
{
    if (other->count == 0)
        return;
    if (histogram->count == 0 || other->min_us < histogram->min_us)
        histogram->min_us = other->min_us;
    if (other->max_us > histogram->max_us)
        histogram->max_us = other->max_us;
    histogram->count += other->count;
    histogram->sum_us += other->sum_us;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        histogram->buckets[i] += other->buckets[i];
}

/* The middle of a bucket, clamped to the recorded minimum and maximum. */
static uint64_t value_of(const struct histogram *histogram, uint32_t index)
{
    uint64_t low = histogram_lower_end(index);
    uint64_t value = low + (histogram_lower_end(index + 1) - low) / 2;

    if (value < histogram->min_us)
        return histogram->min_us;
    return value > histogram->max_us ? histogram->max_us : value;
}

uint64_t histogram_quantile(const struct histogram *histogram, double share)
{
    uint64_t rank = (uint64_t)ceil(share * (double)histogram->count);
    uint64_t below = 0;

    if (histogram->count == 0)
        return 0;
    if (rank <= 1)
        return histogram->min_us;
    if (rank >= histogram->count)
        return histogram->max_us;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        below += histogram->buckets[i];
        if (below >= rank)
            return value_of(histogram, i);
    }
    return histogram->max_us;
}

double histogram_mean(const struct histogram *histogram)
{
    if (histogram->count == 0)
        return 0;
    return (double)histogram->sum_us / (double)histogram->count;
}
