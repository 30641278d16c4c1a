/* SPDX-License-Identifier: MIT */
/*
 * units.h - reads and writes numbers with units.
 *
 * Pure.  Options, queries of the built-in service and experiment files share
 * this syntax.
 */
#ifndef WORKER_UNITS_H
#define WORKER_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads `length` bytes of `text` as a time: a decimal number (a fraction is
 * allowed: 1.5s) and a unit, one of us, ms, s, m; a bare 0 needs none.
 * Returns false, and leaves *us unchanged, for anything else, for a fraction of
 * a microsecond and for more than UNITS_TIME_LIMIT_US.
 */
#define UNITS_TIME_LIMIT_US (UINT64_C(86400) * 1000 * 1000)
bool units_time(const char *text, size_t length, uint64_t *us);

/*
 * Reads a size in bytes: a whole decimal number, which k (1024) or m (1024 *
 * 1024) may follow.  Returns false for anything else and on overflow.
 */
bool units_size(const char *text, size_t length, uint64_t *bytes);

/* Reads a whole decimal number without sign, unit or space.  Returns false for
 * anything else and on overflow. */
bool units_count(const char *text, size_t length, uint64_t *count);

/* Writes a time exactly, in the largest unit that divides it: "100ms",
 * "1500ms", "5s", "0".  Returns `buffer`; 24 bytes always suffice. */
const char *units_write_time(char *buffer, size_t size, uint64_t us);

#endif
