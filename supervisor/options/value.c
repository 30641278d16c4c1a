/* SPDX-License-Identifier: MIT */
/* value.c - parses the value of an option. */
#include "supervisor/options/table.h"
#include "supervisor/policy/address.h"
#include "worker/units.h"
#include <inttypes.h>
#include <string.h>

_Static_assert(sizeof(enum handoff) == sizeof(uint32_t),
               "an enum is stored as a uint32_t");

static bool read_number(const struct option_row *row, const char *value,
                        size_t length, uint64_t *number)
{
    uint64_t read;
    bool good;

    if (row->kind == VALUE_TIME)
        good = units_time(value, length, &read);
    else if (row->kind == VALUE_SIZE)
        good = units_size(value, length, &read);
    else
        good = units_count(value, length, &read);
    if (!good || read < row->min || read > row->max)
        return false;
    *number = read;
    return true;
}

static bool read_mode(const struct option_row *row, const char *value,
                      uint32_t *mode)
{
    uint32_t read = 0;

    if (*value == '\0')
        return false;
    for (; *value; value++) {
        if (*value < '0' || *value > '7')
            return false;
        read = read * 8 + (uint32_t)(*value - '0');
        if (read > row->max)
            return false;
    }
    *mode = read;
    return true;
}

/* Sets *choice to the index of `value` in "one|two|three". */
static bool read_choice(const char *choices, const char *value,
                        uint32_t *choice)
{
    size_t length = strlen(value);

    for (uint32_t i = 0;; i++) {
        size_t end = strcspn(choices, "|");

        if (end == length && memcmp(choices, value, length) == 0) {
            *choice = i;
            return true;
        }
        if (choices[end] == '\0')
            return false;
        choices += end + 1;
    }
}

static bool read_rate(const struct option_row *row, const char *value,
                      struct options *options)
{
    const char *slash = strchr(value, '/');
    uint64_t limit, window_us;

    if (!slash || !read_number(row, value, (size_t)(slash - value), &limit) ||
        !units_time(slash + 1, strlen(slash + 1), &window_us) ||
        window_us < OPTION_RATE_US_MIN || window_us > OPTION_RATE_US_MAX)
        return false;
    options->intensity_limit = (uint32_t)limit;
    options->intensity_window_us = window_us;
    return true;
}

static bool read_listen(const char *value, struct options *options)
{
    struct address address;

    if (options->listen_count == OPTIONS_LISTEN_MAX ||
        !listen_address_read(value, &address))
        return false;
    options->listen[options->listen_count++] = value;
    return true;
}

bool option_set(const struct option_row *row, const char *value,
                struct options *options)
{
    char *field = (char *)options + row->field;
    uint64_t number;
    uint32_t small;

    switch (row->kind) {
    case VALUE_NUMBER:
        if (!read_number(row, value, strlen(value), &number))
            return false;
        small = (uint32_t)number;
        memcpy(field, &small, sizeof small);
        return true;
    case VALUE_BIG:
    case VALUE_TIME:
    case VALUE_SIZE:
        if (!read_number(row, value, strlen(value), &number))
            return false;
        memcpy(field, &number, sizeof number);
        return true;
    case VALUE_MODE:
        if (!read_mode(row, value, &small))
            return false;
        memcpy(field, &small, sizeof small);
        return true;
    case VALUE_CHOICE:
        if (!read_choice(row->argument, value, &small))
            return false;
        memcpy(field, &small, sizeof small);
        return true;
    case VALUE_PATH:
        if (value[0] == '\0')
            return false;
        memcpy(field, &value, sizeof value);
        return true;
    case VALUE_LISTEN:
        return read_listen(value, options);
    case VALUE_RATE:
        return read_rate(row, value, options);
    case VALUE_FLAG:
    case VALUE_ANSWER:
        break;
    }
    return false;
}

void option_write_allowed(const struct option_row *row, FILE *out)
{
    char min[24], max[24];

    switch (row->kind) {
    case VALUE_NUMBER:
    case VALUE_BIG:
        fprintf(out, "a whole number from %" PRIu64 " to %" PRIu64, row->min,
                row->max);
        break;
    case VALUE_TIME:
        fprintf(out, "a time from %s to %s with us, ms, s or m",
                units_write_time(min, sizeof min, row->min),
                units_write_time(max, sizeof max, row->max));
        break;
    case VALUE_SIZE:
        fprintf(out,
                "%" PRIu64 " to %" PRIu64 " bytes; k and m are KiB and MiB",
                row->min, row->max);
        break;
    case VALUE_MODE:
        fprintf(out, "octal permissions from 0 to 0%" PRIo64, row->max);
        break;
    case VALUE_CHOICE:
        fprintf(out, "one of %s", row->argument);
        break;
    case VALUE_PATH:
        fputs("a file name", out);
        break;
    case VALUE_LISTEN:
        fprintf(out,
                "127.0.0.1:PORT or [::1]:PORT with a port from 0 to 65535, or "
                "unix:PATH with a short path; at most %d listeners",
                OPTIONS_LISTEN_MAX);
        break;
    case VALUE_RATE:
        fprintf(out,
                "R/T with R from %" PRIu64 " to %" PRIu64
                " and T from %s to %s, for example %s",
                row->min, row->max,
                units_write_time(min, sizeof min, OPTION_RATE_US_MIN),
                units_write_time(max, sizeof max, OPTION_RATE_US_MAX),
                row->fallback);
        break;
    case VALUE_FLAG:
    case VALUE_ANSWER:
        fputs("no value", out);
        break;
    }
}
