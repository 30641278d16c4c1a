/*
 * format.h - figures as people read them.
 *
 * Pure.  Rounded for the eye: what programs read is written elsewhere.
 */
#ifndef CHAOS_MEASURE_FORMAT_H
#define CHAOS_MEASURE_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#define WORDS_SIZE 32 /* bytes that hold any of these, and the NUL */

/* "870 us", "3.14 ms", "2.1 s", "3 min 05 s".  Returns `buffer`. */
const char *words_time(char buffer[WORDS_SIZE], uint64_t us);

/* The same, or "none" when there is none to be told. */
const char *words_time_of_any(char buffer[WORDS_SIZE], uint64_t us, bool any);

/* "1,234,567".  Returns `buffer`. */
const char *words_count(char buffer[WORDS_SIZE], uint64_t count);

/* "99.987 %": never rounded up to 100 %, and never down to 0.  Returns
 * `buffer`. */
const char *words_share(char buffer[WORDS_SIZE], double share);

#endif
