/* SPDX-License-Identifier: MIT */
/* test_text.c - text that grows up to its capacity. */
#include "tests/harness/run_suite.h"
#include "worker/http/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GUARD '#'

static void check_text(const struct text *text, const char *wanted)
{
    ck_assert_msg(
        text->used == strlen(wanted) && !memcmp(text->at, wanted, text->used),
        "\"%.*s\" instead of \"%s\"", (int)text->used, text->at, wanted);
}

START_TEST(pieces_are_appended)
{
    char bytes[16];
    struct text text = { .at = bytes, .capacity = sizeof(bytes) };

    worker_text_put(&text, "one");
    worker_text_put(&text, "");
    worker_text_put_bytes(&text, " two ", 4);
    worker_text_put_number(&text, 3, 1);
    worker_text_put_bytes(&text, "nothing", 0);
    check_text(&text, "one two3");
    ck_assert(!text.overflow);
}
END_TEST

/* A piece is appended completely or not at all; a later piece that fits is
 * still appended. */
START_TEST(piece_that_does_not_fit_is_omitted_and_sets_overflow)
{
    char bytes[16];

    for (size_t capacity = 0; capacity <= 10; capacity++) {
        struct text text = { .at = bytes, .capacity = capacity };

        memset(bytes, GUARD, sizeof(bytes));
        worker_text_put(&text, "hello");
        worker_text_put(&text, "ab");
        check_text(&text, capacity >= 7   ? "helloab"
                          : capacity >= 5 ? "hello"
                          : capacity >= 2 ? "ab"
                                          : "");
        ck_assert_int_eq(text.overflow, capacity < 7);
        for (size_t i = text.used; i < sizeof(bytes); i++)
            ck_assert_int_eq(bytes[i], GUARD);
    }
}
END_TEST

static const uint64_t numbers[] = { 0,          1,          9,
                                    10,         11,         99,
                                    100,        4711,       65535,
                                    4294967295, 4294967296, UINT64_MAX - 1,
                                    UINT64_MAX };

START_TEST(numbers_are_written_like_printf)
{
    for (int digits = 1; digits <= 20; digits++) {
        char bytes[32], wanted[32];
        struct text text = { .at = bytes, .capacity = sizeof(bytes) };

        snprintf(wanted, sizeof(wanted), "%0*" PRIu64, digits, numbers[_i]);
        worker_text_put_number(&text, numbers[_i], digits);
        check_text(&text, wanted);
    }
}
END_TEST

START_TEST(number_that_does_not_fit_is_omitted)
{
    char bytes[4] = "....";
    struct text text = { .at = bytes, .capacity = 3 };

    worker_text_put_number(&text, 1234, 1);
    check_text(&text, "");
    ck_assert(text.overflow);
    worker_text_put_number(&text, 123, 1);
    check_text(&text, "123");
    ck_assert_int_eq(bytes[3], '.');
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("text");

    tcase_add_test(cases, pieces_are_appended);
    tcase_add_test(cases, piece_that_does_not_fit_is_omitted_and_sets_overflow);
    tcase_add_loop_test(cases, numbers_are_written_like_printf, 0,
                        ROWS(numbers));
    tcase_add_test(cases, number_that_does_not_fit_is_omitted);
    return run_suite("text", cases);
}
