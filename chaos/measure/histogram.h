/* SPDX-License-Identifier: MIT */
/*
 * histogram.h - counts durations in a fixed amount of memory.
 *
 * Pure.  Log-linear: every octave of microseconds has 128 equal buckets, so the
 * error of a value is less than 1 in 128 (two significant digits), and two
 * histograms merge without loss.  Values below 128 us are exact; values of
 * HISTOGRAM_LIMIT_US and above are counted in the last bucket.
 */
#ifndef CHAOS_MEASURE_HISTOGRAM_H
#define CHAOS_MEASURE_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_STEPS    128 /* buckets per octave */
#define HISTOGRAM_OCTAVES  32
#define HISTOGRAM_BUCKETS  (HISTOGRAM_STEPS * HISTOGRAM_OCTAVES)
#define HISTOGRAM_LIMIT_US (UINT64_C(1) << 38) /* three days */

/* A histogram with all bytes zero is empty. */
struct histogram {
    uint64_t count;
    uint64_t sum_us;
    uint64_t min_us; /* valid if count > 0 */
    uint64_t max_us;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_record(struct histogram *histogram, uint64_t value_us);

void histogram_merge(struct histogram *histogram,
                     const struct histogram *other);

/* The value that a share of `share` (0 to 1) of all values does not exceed; 0
 * if the histogram is empty. */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

/* The arithmetic mean; 0 if the histogram is empty. */
double histogram_mean(const struct histogram *histogram);

/* The smallest value of bucket `index`. */
uint64_t histogram_lower_end(uint32_t index);

#endif
