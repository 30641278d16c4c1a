/* test_units.c - numbers as people type them. */
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

START_TEST(reads_a_time)
{
    uint64_t us = UNTOUCHED;

    ck_assert(units_time(times[_i].typed, strlen(times[_i].typed), &us));
    ck_assert_uint_eq(us, times[_i].us);
}
END_TEST

static const struct {
    const char *because, *typed;
} no_times[] = {
    { "nothing", "" },
    { "a unit alone", "s" },
    { "a number without unit", "5" },
    { "zero without unit, but with a fraction", "0.0" },
    { "an unknown unit", "5h" },
    { "a unit in capitals", "5S" },
    { "a unit and more", "5msx" },
    { "a unit cut short", "5u" },
    { "a blank before", " 5s" },
    { "a blank between", "5 s" },
    { "a blank after", "5s " },
    { "a plus", "+5s" },
    { "a minus", "-5s" },
    { "a point without digits before", ".5s" },
    { "a point without digits after", "5.s" },
    { "two points", "1.2.3s" },
    { "a comma", "1,5s" },
    { "an exponent", "1e3s" },
    { "hexadecimal", "0x5s" },
    { "finer than a microsecond", "0.5us" },
    { "finer than a microsecond too", "0.0000001s" },
    { "more digits than can be exact", "1.0000000000s" },
    { "more than the limit", "1441m" },
    { "a little more than the limit", "86400.000001s" },
    { "a number that overflows", "18446744073709551616s" },
    { "a product that overflows", "18446744073709551615m" },
    { "a product that overflows into a few seconds", "307445734562m" },
    { "a fraction that overflows", "1.18446744073709551616s" },
};

START_TEST(refuses_what_is_no_time)
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

START_TEST(reads_a_size)
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

START_TEST(refuses_what_is_no_size)
{
    uint64_t bytes = UNTOUCHED;

    ck_assert_msg(!units_size(no_sizes[_i], strlen(no_sizes[_i]), &bytes), "%s",
                  no_sizes[_i]);
    ck_assert_uint_eq(bytes, UNTOUCHED);
}
END_TEST

START_TEST(reads_a_count)
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

START_TEST(refuses_what_is_no_count)
{
    uint64_t count = UNTOUCHED;

    ck_assert_msg(!units_count(no_counts[_i], strlen(no_counts[_i]), &count),
                  "%s", no_counts[_i]);
    ck_assert_uint_eq(count, UNTOUCHED);
}
END_TEST

/* Queries and experiment files are not ended by a NUL. */
START_TEST(looks_at_its_own_bytes_only)
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

START_TEST(writes_a_time_in_the_largest_unit_that_divides_it)
{
    char buffer[24];

    ck_assert_str_eq(units_write_time(buffer, sizeof buffer, writings[_i].us),
                     writings[_i].written);
}
END_TEST

START_TEST(reads_back_what_it_writes)
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

    tcase_add_loop_test(cases, reads_a_time, 0, ROWS(times));
    tcase_add_loop_test(cases, refuses_what_is_no_time, 0, ROWS(no_times));
    tcase_add_loop_test(cases, reads_a_size, 0, ROWS(sizes));
    tcase_add_loop_test(cases, refuses_what_is_no_size, 0, ROWS(no_sizes));
    tcase_add_test(cases, reads_a_count);
    tcase_add_loop_test(cases, refuses_what_is_no_count, 0, ROWS(no_counts));
    tcase_add_test(cases, looks_at_its_own_bytes_only);
    tcase_add_loop_test(cases,
                        writes_a_time_in_the_largest_unit_that_divides_it, 0,
                        ROWS(writings));
    tcase_add_test(cases, reads_back_what_it_writes);
    return run_suite("units", cases);
}
