/*
 * histogram.h - how often each duration was seen, in a fixed space.
 *
 * Pure.  Log-linear: every octave of microseconds is cut into 128 equal
 * buckets, so a value is told to better than 1 in 128 (two significant
 * digits) wherever it lies, and two histograms merge without loss.  Values
 * below 128 us are exact; values from HISTOGRAM_LIMIT_US on count as the
 * largest.
 */
#ifndef CHAOS_MEASURE_HISTOGRAM_H
#define CHAOS_MEASURE_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_STEPS    128 /* buckets an octave */
#define HISTOGRAM_OCTAVES  32
#define HISTOGRAM_BUCKETS  (HISTOGRAM_STEPS * HISTOGRAM_OCTAVES)
#define HISTOGRAM_LIMIT_US (UINT64_C(1) << 38) /* three days */

/* Empty when all zero. */
struct histogram {
    uint64_t count;
    uint64_t sum_us;
    uint64_t min_us; /* meaningful when count > 0 */
    uint64_t max_us;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

/* Counts one value. */
void histogram_record(struct histogram *histogram, uint64_t value_us);

/* Adds all that `other` counted. */
void histogram_merge(struct histogram *histogram,
                     const struct histogram *other);

/* The value that `share` (0 to 1) of the counted ones do not exceed; 0 when
 * nothing was counted. */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

/* The arithmetic mean; 0 when nothing was counted. */
double histogram_mean(const struct histogram *histogram);

/* The smallest value that falls into bucket `index`; the next bucket's lower
 * end is where it stops. */
uint64_t histogram_lower_end(uint32_t index);

#endif
