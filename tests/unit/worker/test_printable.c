/* SPDX-License-Identifier: MIT */
/* test_printable.c - foreign text is made safe for a terminal. */
#include "tests/harness/run_suite.h"
#include "worker/http/printable.h"
#include <stdint.h>
#include <string.h>

static const struct {
    const char *text, *line;
} texts[] = {
    { "", "" },
    { "plain ~ text", "plain ~ text" },
    { "\033[31mred", "?[31mred" },
    { "\033]0;title\a", "?]0;title?" },
    { "over\rwritten\b\x7f", "over?written??" },
    { "two\n\tlines", "two??lines" },
    { "größer ≥ 😀", "größer ≥ 😀" },
    { "first and last of their length: \u00a0\u07ff\u0800\uffff\U00010000"
      "\U0010ffff",
      "first and last of their length: \u00a0\u07ff\u0800\uffff\U00010000"
      "\U0010ffff" },
    { "C1 \xc2\x9b"
      "31m \xc2\x80\xc2\x9f",
      "C1 ??31m ????" },
    { "C1 as one byte \x9b"
      "31m",
      "C1 as one byte ?31m" },
    { "overlong \xc0\x9b[ \xc1\xbf \xe0\x80\x9b \xf0\x80\x80\x9b",
      "overlong ??[ ?? ??? ????" },
    { "surrogate \xed\xa0\x80", "surrogate ???" },
    { "above Unicode \xf4\x90\x80\x80 \xf5\x80\x80\x80 \xff",
      "above Unicode ???? ???? ?" },
    { "unfinished \xe2\x89", "unfinished ??" },
    { "unfinished \xe2\x89\033[0m \xc3(", "unfinished ???[0m ?(" },
};

START_TEST(line_keeps_no_control_characters)
{
    char text[128];

    strcpy(text, texts[_i].text);
    printable_line(text, strlen(text));
    ck_assert_str_eq(text, texts[_i].line);
}
END_TEST

START_TEST(lines_keep_only_line_ends_and_tabs)
{
    char text[] = "a\n\tb\r\n\033[0m";

    printable_lines(text, strlen(text));
    ck_assert_str_eq(text, "a\n\tb?\n?[0m");
}
END_TEST

START_TEST(single_byte_that_is_not_printable_ascii_is_replaced)
{
    for (int byte = 0; byte <= UINT8_MAX; byte++) {
        char text = (char)byte;

        printable_line(&text, 1);
        ck_assert_int_eq(text, byte >= 0x20 && byte < 0x7f ? byte : '?');
    }
}
END_TEST

START_TEST(text_in_two_parts_gives_the_same_result)
{
    const char *text = texts[_i].text;
    char once[128], twice[128];
    size_t count = strlen(text);

    strcpy(once, text);
    printable_lines(once, count);
    for (size_t cut = 0; cut <= count; cut++) {
        size_t kept = cut - printable_unfinished(text, cut);

        strcpy(twice, text);
        printable_lines(twice, kept);
        printable_lines(twice + kept, count - kept);
        ck_assert_str_eq(twice, once);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t unfinished;
} ends[] = {
    { "", 0 },         { "a", 0 },        { "\xc3", 1 },
    { "\xc3\xa9", 0 }, { "a\xe2", 1 },    { "a\xe2\x89", 2 },
    { "\xe2\x89", 2 }, { "\xe2(", 0 },    { "\xf0\x9f\x98", 3 },
    { "\xe0\x80", 0 }, { "\x9f\x98", 0 }, { "\xf5", 0 },
};

START_TEST(unfinished_character_is_found)
{
    ck_assert_uint_eq(
        printable_unfinished(ends[_i].text, strlen(ends[_i].text)),
        ends[_i].unfinished);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("printable");

    tcase_add_loop_test(cases, line_keeps_no_control_characters, 0,
                        ROWS(texts));
    tcase_add_test(cases, lines_keep_only_line_ends_and_tabs);
    tcase_add_test(cases, single_byte_that_is_not_printable_ascii_is_replaced);
    tcase_add_loop_test(cases, text_in_two_parts_gives_the_same_result, 0,
                        ROWS(texts));
    tcase_add_loop_test(cases, unfinished_character_is_found, 0, ROWS(ends));
    return run_suite("printable", cases);
}
