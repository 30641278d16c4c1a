/* SPDX-License-Identifier: MIT */
/* test_blame.c - counting of crashes per request and per request line. */
#include "supervisor/policy/blame.h"
#include "tests/harness/run_suite.h"

START_TEST(lines_are_counted_separately)
{
    struct blame blame = { 0 };

    ck_assert_uint_eq(blame_count(&blame, 1, 100, 10), 1);
    ck_assert_uint_eq(blame_count(&blame, 2, 100, 10), 1);
    ck_assert_uint_eq(blame_count(&blame, 1, 100, 11), 2);
    ck_assert_uint_eq(blame_count(&blame, 1, 100, 12), 3);
    ck_assert_uint_eq(blame_count(&blame, 2, 100, 13), 2);
}
END_TEST

START_TEST(line_is_forgotten_at_its_expiry)
{
    struct blame blame = { 0 };

    ck_assert_uint_eq(blame_count(&blame, 1, 100, 10), 1);
    ck_assert_uint_eq(blame_count(&blame, 1, 150, 99), 2);
    ck_assert_uint_eq(blame_count(&blame, 1, 200, 149), 3);
    ck_assert_uint_eq(blame_count(&blame, 1, 300, 200), 1);
}
END_TEST

START_TEST(line_that_expires_first_is_replaced)
{
    struct blame blame = { 0 };

    for (uint64_t line = 0; line < BLAME_CELLS; line++)
        ck_assert_uint_eq(blame_count(&blame, line, 100 + line, 10), 1);
    ck_assert_uint_eq(blame_count(&blame, 1000, 500, 10), 1);
    ck_assert_uint_eq(blame_count(&blame, 1, 500, 10), 2);
    ck_assert_uint_eq(blame_count(&blame, 0, 500, 10), 1);
    ck_assert_uint_eq(blame_count(&blame, 1000, 500, 10), 2);
}
END_TEST

START_TEST(line_is_to_blame_after_three_different_requests)
{
    struct blame blame = { 0 };

    ck_assert(!blame_line(&blame, 1, 11, 100, 10));
    ck_assert(!blame_line(&blame, 1, 12, 100, 10));
    ck_assert(!blame_line(&blame, 2, 21, 100, 10));
    ck_assert(blame_line(&blame, 1, 13, 100, 10));
    ck_assert(blame_line(&blame, 1, 14, 100, 10));
    ck_assert(blame_line(&blame, 1, 12, 100, 10));
    ck_assert(!blame_line(&blame, 2, 22, 100, 10));
}
END_TEST

START_TEST(same_request_counts_once_against_its_line)
{
    struct blame blame = { 0 };

    for (int i = 0; i < 10; i++)
        ck_assert(!blame_line(&blame, 1, 11, 100, 10));
    for (int i = 0; i < 10; i++)
        ck_assert(!blame_line(&blame, 1, 12, 100, 10));
    ck_assert(blame_line(&blame, 1, 13, 100, 10));
}
END_TEST

START_TEST(requests_of_a_line_are_forgotten_at_their_expiry)
{
    struct blame blame = { 0 };

    ck_assert(!blame_line(&blame, 1, 11, 100, 10));
    ck_assert(!blame_line(&blame, 1, 12, 150, 99));
    ck_assert(!blame_line(&blame, 1, 13, 250, 150));
    ck_assert(!blame_line(&blame, 1, 14, 250, 160));
    ck_assert(blame_line(&blame, 1, 15, 350, 249));
}
END_TEST

START_TEST(blamed_line_that_expires_first_is_replaced)
{
    struct blame blame = { 0 };

    for (uint64_t line = 0; line < BLAME_CELLS; line++) {
        ck_assert(!blame_line(&blame, line, 1, 100 + line, 10));
        ck_assert(!blame_line(&blame, line, 2, 100 + line, 10));
    }
    ck_assert(!blame_line(&blame, 1000, 3, 500, 10));
    ck_assert(blame_line(&blame, 1, 3, 500, 10));
    ck_assert(!blame_line(&blame, 0, 3, 500, 10));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("blame");

    tcase_add_test(cases, lines_are_counted_separately);
    tcase_add_test(cases, line_is_forgotten_at_its_expiry);
    tcase_add_test(cases, line_that_expires_first_is_replaced);
    tcase_add_test(cases, line_is_to_blame_after_three_different_requests);
    tcase_add_test(cases, same_request_counts_once_against_its_line);
    tcase_add_test(cases, requests_of_a_line_are_forgotten_at_their_expiry);
    tcase_add_test(cases, blamed_line_that_expires_first_is_replaced);
    return run_suite("blame", cases);
}
