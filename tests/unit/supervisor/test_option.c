/* SPDX-License-Identifier: MIT */
/* test_option.c - the values of options, and the texts about them. */
#include "supervisor/options/option.h"
#include "tests/harness/run_suite.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

struct fields {
    bool flag;
    uint32_t number, custom;
    uint64_t count, time_us, bytes;
    double real, share;
    int choice, signal;
    const char *text, *path;
    struct option_list list;
};

static bool set_custom(const struct option_row *row, void *fields,
                       const char *text)
{
    ck_assert_str_eq(row->name, "custom");
    ((struct fields *)fields)->custom = (uint32_t)strlen(text);
    return strcmp(text, "bad") != 0;
}

#define AT(field) offsetof(struct fields, field)

static const struct option_row rows[] = {
    OPTION("number", VALUE_NUMBER, AT(number), "a number", "7", .min = 2,
           .max = 9),
    OPTION("flag", VALUE_FLAG, AT(flag), "a flag"),
    OPTION("wide", VALUE_NUMBER, AT(number), "a number without a limit"),
    OPTION("count", VALUE_COUNT, AT(count), "a count",
           .fallback_help = "computed"),
    OPTION("time", VALUE_TIME, AT(time_us), "a time", "5s", .min = 1000,
           .max = 60e6),
    OPTION("bytes", VALUE_SIZE, AT(bytes), "a size", .min = 1, .max = 1024),
    OPTION("real", VALUE_REAL, AT(real), "a real", .min = 0.5, .max = 1e6),
    OPTION("share", VALUE_SHARE, AT(share), "a share", "25%"),
    OPTION("choice", VALUE_CHOICE, AT(choice), "a choice", "two",
           .choices = OPTION_CHOICES("one", "two", "three")),
    OPTION("kind", VALUE_CHOICE, AT(choice), "a kind", .value = "KIND",
           .choices = OPTION_CHOICES("one", "two")),
    OPTION("signal", VALUE_SIGNAL, AT(signal), "a signal", "KILL"),
    OPTION("text", VALUE_TEXT, AT(text), "a text"),
    OPTION("path", VALUE_PATH, AT(path), "a path"),
    OPTION("list", VALUE_LIST, AT(list), "a list"),
    OPTION("custom", VALUE_CUSTOM, AT(custom), "a custom value",
           .value = "LETTERS", .set = set_custom, .allowed = "all but bad"),
};

static const struct option_row *row_of(const char *name)
{
    return options_find(rows, ROWS(rows), name, strlen(name));
}

/* How option_write() writes the value read; NULL: it is refused. */
static const struct {
    const char *name, *text, *written;
} values[] = {
    { "flag", "yes", "yes" },
    { "flag", "no", "no" },
    { "flag", "true", NULL },
    { "flag", "z", NULL },
    { "flag", "", NULL },
    { "number", "2", "2" },
    { "number", "9", "9" },
    { "number", "1", NULL },
    { "number", "10", NULL },
    { "number", "4294967298", NULL }, /* 2, if cut to 32 bits */
    { "wide", "4294967295", "4294967295" },
    { "wide", "4294967296", NULL },
    { "number", "+3", NULL },
    { "number", "3 ", NULL },
    { "count", "0", "0" },
    { "count", "18446744073709551615", "18446744073709551615" },
    { "count", "18446744073709551616", NULL },
    { "count", "-1", NULL },
    { "time", "1ms", "1ms" },
    { "time", "1000us", "1ms" },
    { "time", "1.5s", "1500ms" },
    { "time", "1m", "1m" },
    { "time", "999us", NULL },
    { "time", "61s", NULL },
    { "time", "5", NULL },
    { "bytes", "1k", "1024" },
    { "bytes", "0", NULL },
    { "bytes", "1025", NULL },
    { "bytes", "1g", NULL },
    { "real", "0.5", "0.5" },
    { "real", "1e6", "1000000" },
    { "real", "0.49", NULL },
    { "real", "nan", NULL },
    { "real", "inf", NULL },
    { "real", "1x", NULL },
    { "real", "", NULL },
    { "share", "25%", "0.25" },
    { "share", "0", "0" },
    { "share", "1", "1" },
    { "share", "100.1%", NULL },
    { "share", "-1%", NULL },
    { "share", "%", NULL },
    { "share", "0.5x", NULL },
    { "choice", "one", "one" },
    { "choice", "three", "three" },
    { "choice", "thre", NULL },
    { "choice", "one|two", NULL },
    { "choice", "", NULL },
    { "signal", "term", "TERM" },
    { "signal", "SIGUSR1", "USR1" },
    { "signal", "9", "KILL" },
    { "signal", "1", "HUP" },
    { "signal", "0", NULL },
    { "signal", "65", NULL },
    { "signal", "SIXTERM", NULL },
    { "signal", "BANG", NULL },
    { "text", "", "" },
    { "text", "a b", "a b" },
    { "path", "x", "x" },
    { "path", "", NULL },
    { "custom", "abc", "" },
    { "custom", "bad", NULL },
};

START_TEST(value_is_read_and_written_or_refused)
{
    const struct option_row *row = row_of(values[_i].name);
    struct fields fields = { .number = 77, .count = 77, .time_us = 77 };
    char text[64];

    ck_assert_msg(option_set(row, &fields, values[_i].text) ==
                      (values[_i].written != NULL),
                  "%s = '%s'", values[_i].name, values[_i].text);
    if (!values[_i].written) {
        ck_assert_uint_eq(fields.number, 77);
        ck_assert_uint_eq(fields.count, 77);
        ck_assert_uint_eq(fields.time_us, 77);
        return;
    }
    ck_assert_str_eq(option_write(row, &fields, text, sizeof text),
                     values[_i].written);
}
END_TEST

START_TEST(defaults_are_set_and_other_fields_stay)
{
    struct fields fields = { .count = 77, .bytes = 78 };

    options_set_defaults(rows, ROWS(rows), &fields);
    ck_assert_uint_eq(fields.number, 7);
    ck_assert_uint_eq(fields.time_us, 5000000);
    ck_assert(fields.share == 0.25);
    ck_assert_int_eq(fields.choice, 1);
    ck_assert_int_eq(fields.signal, SIGKILL);
    ck_assert_uint_eq(fields.count, 77);
    ck_assert_uint_eq(fields.bytes, 78);
}
END_TEST

START_TEST(row_is_found_by_its_whole_name)
{
    ck_assert_ptr_eq(row_of("custom"), &rows[ROWS(rows) - 1]);
    ck_assert_ptr_eq(options_find(rows, ROWS(rows), "number=3", 6), rows);
    ck_assert_ptr_null(row_of("numb"));
    ck_assert_ptr_null(row_of("numbers"));
    ck_assert_ptr_null(row_of(""));
}
END_TEST

START_TEST(list_has_a_limit)
{
    const struct option_row *row = row_of("list");
    struct fields fields = { 0 };

    for (int i = 0; i < OPTION_LIST_MAX; i++)
        ck_assert(option_set(row, &fields, "x"));
    ck_assert(!option_set(row, &fields, "y"));
    ck_assert_uint_eq(fields.list.count, OPTION_LIST_MAX);
    ck_assert_str_eq(fields.list.items[OPTION_LIST_MAX - 1], "x");
}
END_TEST

static const struct {
    const char *name, *allowed, *value, *description;
} texts[] = {
    { "flag", "yes or no", "", "a flag" },
    { "number", "a whole number from 2 to 9", "N",
      "a number (2 to 9; default 7)" },
    { "count", "a whole number from 0 to 18446744073709551615", "N",
      "a count (default computed)" },
    { "time", "a time from 1ms to 1m with us, ms, s or m", "TIME",
      "a time (default 5s)" },
    { "bytes", "1 to 1024 bytes; k and m are KiB and MiB", "BYTES", "a size" },
    { "real", "a number from 0.5 to 1000000", "N", "a real" },
    { "share", "a share from 0 to 1, or from 0% to 100%", "SHARE",
      "a share (default 25%)" },
    { "choice", "one of one|two|three", "one|two|three",
      "a choice (default two)" },
    { "kind", "one of one|two", "KIND", "a kind: one, two" },
    { "signal", "a signal such as KILL, SIGTERM or 9", "SIGNAL",
      "a signal (default KILL)" },
    { "path", "a file name", "FILE", "a path" },
    { "list", "a text, at most 64 times", "TEXT", "a list" },
    { "custom", "all but bad", "LETTERS", "a custom value" },
};

START_TEST(row_describes_its_values)
{
    const struct option_row *row = row_of(texts[_i].name);
    char text[128], expected[160];

    ck_assert_str_eq(option_allowed(row, text, sizeof text), texts[_i].allowed);
    ck_assert_str_eq(option_value_name(row, text, sizeof text),
                     texts[_i].value);
    ck_assert_str_eq(option_describe(row, text, sizeof text),
                     texts[_i].description);
    snprintf(expected, sizeof expected, "invalid value 'a?b' (allowed: %s)",
             texts[_i].allowed);
    ck_assert_str_eq(option_complaint(row, "a\033b", text, sizeof text),
                     expected);
    snprintf(expected, sizeof expected, "missing value (allowed: %s)",
             texts[_i].allowed);
    ck_assert_str_eq(option_complaint(row, NULL, text, sizeof text), expected);
}
END_TEST

START_TEST(texts_are_cut_to_their_buffer)
{
    const struct option_row *row = &rows[_i];

    for (size_t size = 1; size < 64; size++) {
        char text[65];

        memset(text, '#', sizeof text);
        option_allowed(row, text, size);
        ck_assert_uint_lt(strlen(text), size);
        option_value_name(row, text, size);
        ck_assert_uint_lt(strlen(text), size);
        option_describe(row, text, size);
        ck_assert_uint_lt(strlen(text), size);
        option_complaint(row, "a value", text, size);
        ck_assert_uint_lt(strlen(text), size);
        for (size_t i = size; i < sizeof text; i++)
            ck_assert_int_eq(text[i], '#');
    }
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("option");

    tcase_add_loop_test(cases, value_is_read_and_written_or_refused, 0,
                        ROWS(values));
    tcase_add_test(cases, defaults_are_set_and_other_fields_stay);
    tcase_add_test(cases, row_is_found_by_its_whole_name);
    tcase_add_test(cases, list_has_a_limit);
    tcase_add_loop_test(cases, row_describes_its_values, 0, ROWS(texts));
    tcase_add_loop_test(cases, texts_are_cut_to_their_buffer, 0, ROWS(rows));
    return run_suite("option", cases);
}
