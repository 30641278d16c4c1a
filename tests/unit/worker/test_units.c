/* SPDX-License-Identifier: MIT */
/* test_units.c - parsing and writing of times, sizes and counts. */
#include "tests/harness/run_suite.h"
#include "worker/units.h"
#include <string.h>

#define UNTOUCHED 4711

static const struct {
    const char *typed;
    uint64_t us;
} times[] = {
    { "0", 0 },
    { "0us", 0 },
    { "0.0s", 0 },
    { "1us", 1 },
    { "5ms", 5000 },
    { "005ms", 5000 },
    { "1s", 1000000 },
    { "1.5s", 1500000 },
    { "0.000001s", 1 },
    { "1.000000000s", 1000000 },
    { "0.25m", 15000000 },
    { "90s", 90000000 },
    { "1440m", UNITS_TIME_LIMIT_US },
    { "86400s", UNITS_TIME_LIMIT_US },
};

START_TEST(time_is_read)
{
    uint64_t us = UNTOUCHED;

    ck_assert(units_time(times[_i].typed, strlen(times[_i].typed), &us));
    ck_assert_uint_eq(us, times[_i].us);
}
END_TEST

static const struct {
    const char *because, *typed;
} no_times[] = {
    { "an empty text", "" },
    { "a unit without a number", "s" },
    { "a number without a unit", "5" },
    { "zero with a fraction and without a unit", "0.0" },
    { "an unknown unit", "5h" },
    { "a unit in capitals", "5S" },
    { "text after the unit", "5msx" },
    { "an incomplete unit", "5u" },
    { "a leading space", " 5s" },
    { "a space before the unit", "5 s" },
    { "a trailing space", "5s " },
    { "a plus sign", "+5s" },
    { "a minus sign", "-5s" },
    { "a point without digits before", ".5s" },
    { "a point without digits after", "5.s" },
    { "two points", "1.2.3s" },
    { "a comma", "1,5s" },
    { "an exponent", "1e3s" },
    { "hexadecimal", "0x5s" },
    { "a fraction of a microsecond", "0.5us" },
    { "a fraction of a microsecond, in seconds", "0.0000001s" },
    { "too many digits after the point", "1.0000000000s" },
    { "more than the limit", "1441m" },
    { "a little more than the limit", "86400.000001s" },
    { "a number that overflows", "18446744073709551616s" },
    { "a product that overflows", "18446744073709551615m" },
    { "a product that overflows into a few seconds", "307445734562m" },
    { "a fraction that overflows", "1.18446744073709551616s" },
};

START_TEST(invalid_time_is_refused)
{
    const char *typed = no_times[_i].typed;
    uint64_t us = UNTOUCHED;

    ck_assert_msg(!units_time(typed, strlen(typed), &us), "%s: %s",
                  no_times[_i].because, typed);
    ck_assert_uint_eq(us, UNTOUCHED);
}
END_TEST

static const struct {
    const char *typed;
    uint64_t bytes;
} sizes[] = {
    { "0", 0 },
    { "1", 1 },
    { "200k", 204800 },
    { "64m", 67108864 },
    { "0k", 0 },
    { "18446744073709551615", UINT64_MAX },
    { "18014398509481983k", UINT64_MAX - 1023 },
};

START_TEST(size_is_read)
{
    uint64_t bytes = UNTOUCHED;

    ck_assert(units_size(sizes[_i].typed, strlen(sizes[_i].typed), &bytes));
    ck_assert_uint_eq(bytes, sizes[_i].bytes);
}
END_TEST

static const char *const no_sizes[] = {
    "",
    "k",
    "m",
    "1K",
    "1M",
    "1kb",
    "1g",
    "-1",
    "+1",
    "1.5k",
    "1 k",
    " 1",
    "1 ",
    "0x1",
    "k1",
    "18446744073709551616",
    "18014398509481984k",
};

START_TEST(invalid_size_is_refused)
{
    uint64_t bytes = UNTOUCHED;

    ck_assert_msg(!units_size(no_sizes[_i], strlen(no_sizes[_i]), &bytes), "%s",
                  no_sizes[_i]);
    ck_assert_uint_eq(bytes, UNTOUCHED);
}
END_TEST

START_TEST(count_is_read)
{
    uint64_t count = UNTOUCHED;

    ck_assert(units_count("0", 1, &count));
    ck_assert_uint_eq(count, 0);
    ck_assert(units_count("18446744073709551615", 20, &count));
    ck_assert_uint_eq(count, UINT64_MAX);
}
END_TEST

static const char *const no_counts[] = {
    "", "-1", "+1", "1k", " 1", "1 ", "1.0", "x", "18446744073709551616",
};

START_TEST(invalid_count_is_refused)
{
    uint64_t count = UNTOUCHED;

    ck_assert_msg(!units_count(no_counts[_i], strlen(no_counts[_i]), &count),
                  "%s", no_counts[_i]);
    ck_assert_uint_eq(count, UNTOUCHED);
}
END_TEST

/* Values in queries and experiment files do not end with a NUL. */
START_TEST(bytes_after_the_value_are_not_read)
{
    uint64_t number;

    ck_assert(units_time("5ms&size=1", 3, &number));
    ck_assert_uint_eq(number, 5000);
    ck_assert(units_size("10kk", 3, &number));
    ck_assert_uint_eq(number, 10240);
    ck_assert(units_count("123", 2, &number));
    ck_assert_uint_eq(number, 12);
    ck_assert(!units_time("1.5s", 2, &number));
    ck_assert(!units_time("5ms", 0, &number));
}
END_TEST

static const struct {
    uint64_t us;
    const char *written;
} writings[] = {
    { 0, "0" },          { 1, "1us" },
    { 999, "999us" },    { 1001, "1001us" },
    { 100000, "100ms" }, { 1500000, "1500ms" },
    { 5000000, "5s" },   { 60000000, "1m" },
    { 90000000, "90s" }, { UINT64_MAX, "18446744073709551615us" },
};

START_TEST(time_is_written_in_the_largest_exact_unit)
{
    char buffer[24];

    ck_assert_str_eq(units_write_time(buffer, sizeof buffer, writings[_i].us),
                     writings[_i].written);
}
END_TEST

START_TEST(written_time_reads_back_the_same)
{
    uint64_t us = 1, again;
    char buffer[24];

    for (; us < UNITS_TIME_LIMIT_US; us = us * 3 + us % 7) {
        units_write_time(buffer, sizeof buffer, us);
        ck_assert(units_time(buffer, strlen(buffer), &again));
        ck_assert_uint_eq(again, us);
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("units");

    tcase_add_loop_test(cases, time_is_read, 0, ROWS(times));
    tcase_add_loop_test(cases, invalid_time_is_refused, 0, ROWS(no_times));
    tcase_add_loop_test(cases, size_is_read, 0, ROWS(sizes));
    tcase_add_loop_test(cases, invalid_size_is_refused, 0, ROWS(no_sizes));
    tcase_add_test(cases, count_is_read);
    tcase_add_loop_test(cases, invalid_count_is_refused, 0, ROWS(no_counts));
    tcase_add_test(cases, bytes_after_the_value_are_not_read);
    tcase_add_loop_test(cases, time_is_written_in_the_largest_exact_unit, 0,
                        ROWS(writings));
    tcase_add_test(cases, written_time_reads_back_the_same);
    return run_suite("units", cases);
}
