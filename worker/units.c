/* SPDX-License-Identifier: MIT */
/* units.c - reads and writes numbers with units, in integer arithmetic, so that
 * nothing is rounded. */
#include "worker/units.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Largest first: units_write_time() uses the first one that divides. */
static const struct {
    const char *name;
    uint64_t us;
} time_units[] = {
    { "m", 60000000 },
    { "s", 1000000 },
    { "ms", 1000 },
    { "us", 1 },
};

#define TIME_UNITS (sizeof time_units / sizeof time_units[0])

/* With at most nine digits after the point, fraction * unit is below 2^64. */
#define FRACTION_DIGITS 9

/* Reads the digits at the start of `text`.  Returns how many there are, or 0 if
 * there are none or *number would overflow. */
static size_t read_digits(const char *text, size_t length, uint64_t *number)
{
    uint64_t sum = 0;
    size_t used = 0;

    for (; used < length && text[used] >= '0' && text[used] <= '9'; used++) {
        unsigned digit = (unsigned)(text[used] - '0');

        if (sum > (UINT64_MAX - digit) / 10)
            return 0;
        sum = sum * 10 + digit;
    }
    *number = sum;
    return used;
}

/* Returns the microseconds in the unit `text`; 0 if it is not a unit. */
static uint64_t time_unit_us(const char *text, size_t length)
{
    for (size_t i = 0; i < TIME_UNITS; i++)
        if (strlen(time_units[i].name) == length &&
            memcmp(time_units[i].name, text, length) == 0)
            return time_units[i].us;
    return 0;
}

bool units_time(const char *text, size_t length, uint64_t *us)
{
    uint64_t whole, fraction = 0, scale = 1, unit;
    size_t used = read_digits(text, length, &whole);

    if (used == 0)
        return false;
    if (used == length && whole == 0) {
        *us = 0;
        return true;
    }
    if (used < length && text[used] == '.') {
        size_t digits =
            read_digits(text + used + 1, length - used - 1, &fraction);

        if (digits == 0 || digits > FRACTION_DIGITS)
            return false;
        used += 1 + digits;
        while (digits-- > 0)
            scale *= 10;
    }
    unit = time_unit_us(text + used, length - used);
    if (unit == 0 || whole > UNITS_TIME_LIMIT_US / unit ||
        fraction * unit % scale != 0)
        return false;
    whole = whole * unit + fraction * unit / scale;
    if (whole > UNITS_TIME_LIMIT_US)
        return false;
    *us = whole;
    return true;
}

bool units_size(const char *text, size_t length, uint64_t *bytes)
{
    uint64_t number, unit = 1;
    size_t used = read_digits(text, length, &number);

    if (used == 0 || length - used > 1)
        return false;
    if (used < length) {
        if (text[used] != 'k' && text[used] != 'm')
            return false;
        unit = text[used] == 'k' ? 1024 : 1024 * 1024;
    }
    if (number > UINT64_MAX / unit)
        return false;
    *bytes = number * unit;
    return true;
}

bool units_count(const char *text, size_t length, uint64_t *count)
{
    uint64_t number;

    if (length == 0 || read_digits(text, length, &number) != length)
        return false;
    *count = number;
    return true;
}

const char *units_write_time(char *buffer, size_t size, uint64_t us)
{
    size_t i = 0;

    if (us == 0) {
        snprintf(buffer, size, "0");
        return buffer;
    }
    while (us % time_units[i].us != 0)
        i++;
    snprintf(buffer, size, "%" PRIu64 "%s", us / time_units[i].us,
             time_units[i].name);
    return buffer;
}
