/* SPDX-License-Identifier: MIT */
/*
 * format.h - writes figures for people, rounded.  Pure.
 */
#ifndef CHAOS_MEASURE_FORMAT_H
#define CHAOS_MEASURE_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#define FORMAT_SIZE 32 /* enough for any result and its NUL */

/* "870 us", "3.14 ms", "2.1 s", "3 min 05 s".  Returns `buffer`. */
const char *format_time(char buffer[FORMAT_SIZE], uint64_t us);

/* As format_time(), or "none" if `any` is false.  Returns `buffer`. */
const char *format_any_time(char buffer[FORMAT_SIZE], uint64_t us, bool any);

/* "1,234,567".  Returns `buffer`. */
const char *format_count(char buffer[FORMAT_SIZE], uint64_t count);

/* "99.987 %": never rounded up to 100 % nor down to 0.  Returns `buffer`. */
const char *format_share(char buffer[FORMAT_SIZE], double share);

#endif
