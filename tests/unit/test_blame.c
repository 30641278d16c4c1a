/* test_blame.c - what request lines have cost. */
#include "supervisor/policy/blame.h"
#include "tests/unit/run_suite.h"

START_TEST(each_line_is_counted_for_itself)
{
    struct blame blame = { 0 };

    ck_assert_uint_eq(blame_count(&blame, 1, 100, 10), 1);
    ck_assert_uint_eq(blame_count(&blame, 2, 100, 10), 1);
    ck_assert_uint_eq(blame_count(&blame, 1, 100, 11), 2);
    ck_assert_uint_eq(blame_count(&blame, 1, 100, 12), 3);
    ck_assert_uint_eq(blame_count(&blame, 2, 100, 13), 2);
}
END_TEST

START_TEST(a_line_is_forgotten_after_its_time)
{
    struct blame blame = { 0 };

    ck_assert_uint_eq(blame_count(&blame, 1, 100, 10), 1);
    ck_assert_uint_eq(blame_count(&blame, 1, 150, 99), 2);
    ck_assert_uint_eq(blame_count(&blame, 1, 200, 149), 3);
    ck_assert_uint_eq(blame_count(&blame, 1, 300, 200), 1);
}
END_TEST

START_TEST(who_would_be_forgotten_first_makes_room)
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

int main(void)
{
    TCase *cases = tcase_create("count");

    tcase_add_test(cases, each_line_is_counted_for_itself);
    tcase_add_test(cases, a_line_is_forgotten_after_its_time);
    tcase_add_test(cases, who_would_be_forgotten_first_makes_room);
    return run_suite("blame", cases);
}
