/* test_schedule.c - who gets the next connection. */
#include "supervisor/policy/schedule.h"
#include "tests/harness/run_suite.h"

#define WORKERS 4
#define CLOSED  SCHEDULE_CLOSED

/* Those before it pick; from it on the kernel does. */
#define BY_KERNEL SCHEDULE_SHARED

static const struct {
    const char *because;
    enum schedule_kind kind;
    uint32_t in_hand[WORKERS];
    size_t cursor, chosen;
} picks[] = {
    { "the first comes first", SCHEDULE_RR, { 0, 0, 0, 0 }, 0, 0 },
    { "then the next one round", SCHEDULE_RR, { 1, 0, 0, 0 }, 1, 1 },
    { "who has much in hand too", SCHEDULE_RR, { 0, 9, 0, 0 }, 1, 1 },
    { "after the last the first", SCHEDULE_RR, { 9, 0, 0, 0 }, 4, 0 },
    { "who is closed is skipped", SCHEDULE_RR, { 0, CLOSED, 5, 0 }, 1, 2 },
    { "round the end too", SCHEDULE_RR, { 7, 0, 0, CLOSED }, 3, 0 },
    { "the only one, again", SCHEDULE_RR, { CLOSED, 3, CLOSED, CLOSED }, 2, 1 },
    { "a pool that shrank", SCHEDULE_RR, { 0, 0, 0, 0 }, 17, 1 },

    { "the fewest in hand", SCHEDULE_LEAST, { 4, 3, 2, 3 }, 0, 2 },
    { "wherever it begins", SCHEDULE_LEAST, { 4, 3, 2, 3 }, 3, 2 },
    { "who is idle", SCHEDULE_LEAST, { 1, 0, 1, 1 }, 2, 1 },
    { "of equals the next one round", SCHEDULE_LEAST, { 2, 2, 2, 2 }, 3, 3 },
    { "of idle ones likewise", SCHEDULE_LEAST, { 0, 0, 0, 0 }, 2, 2 },
    { "of the least likewise", SCHEDULE_LEAST, { 1, 2, 1, 2 }, 1, 2 },
    { "closed is not few", SCHEDULE_LEAST, { CLOSED, 9, CLOSED, 8 }, 0, 3 },
    { "nor when it is first", SCHEDULE_LEAST, { CLOSED, 9, 9, 9 }, 0, 1 },
};

START_TEST(picks_as_the_table_says)
{
    size_t cursor = picks[_i].cursor;
    size_t chosen =
        schedule_pick(picks[_i].kind, picks[_i].in_hand, WORKERS, &cursor);

    ck_assert_msg(chosen == picks[_i].chosen, "%s: want %zu, got %zu",
                  picks[_i].because, picks[_i].chosen, chosen);
}
END_TEST

START_TEST(says_so_when_all_are_closed)
{
    static const uint32_t closed[WORKERS] = { CLOSED, CLOSED, CLOSED, CLOSED };
    size_t cursor = 2;

    ck_assert_uint_eq(
        schedule_pick((enum schedule_kind)_i, closed, WORKERS, &cursor),
        WORKERS);
    ck_assert_uint_eq(schedule_pick((enum schedule_kind)_i, NULL, 0, &cursor),
                      0);
}
END_TEST

START_TEST(both_kinds_are_even_over_time)
{
    uint32_t in_hand[WORKERS] = { 0 };
    size_t cursor = 0;

    for (uint32_t round = 1; round <= 100; round++) {
        for (int i = 0; i < WORKERS; i++)
            in_hand[schedule_pick((enum schedule_kind)_i, in_hand, WORKERS,
                                  &cursor)]++;
        for (int i = 0; i < WORKERS; i++)
            ck_assert_uint_eq(in_hand[i], round);
    }
}
END_TEST

START_TEST(round_robin_is_even_among_those_that_are_open)
{
    uint32_t in_hand[WORKERS] = { 0, CLOSED, 0, 0 };
    size_t cursor = 0;

    for (int i = 0; i < 300; i++)
        in_hand[schedule_pick(SCHEDULE_RR, in_hand, WORKERS, &cursor)]++;
    ck_assert_uint_eq(in_hand[0], 100);
    ck_assert_uint_eq(in_hand[2], 100);
    ck_assert_uint_eq(in_hand[3], 100);
}
END_TEST

START_TEST(idle_workers_take_turns_under_least)
{
    static const uint32_t idle[WORKERS] = { 0 };
    size_t cursor = 0;

    for (size_t i = 0; i < 3 * WORKERS; i++)
        ck_assert_uint_eq(schedule_pick(SCHEDULE_LEAST, idle, WORKERS, &cursor),
                          i % WORKERS);
}
END_TEST

START_TEST(the_kernel_chooses_where_workers_accept)
{
    ck_assert_int_eq(schedule_by_kernel((enum schedule_kind)_i),
                     _i >= BY_KERNEL);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("pick");

    tcase_add_loop_test(cases, picks_as_the_table_says, 0, ROWS(picks));
    tcase_add_loop_test(cases, says_so_when_all_are_closed, 0, BY_KERNEL);
    tcase_add_loop_test(cases, both_kinds_are_even_over_time, 0, BY_KERNEL);
    tcase_add_test(cases, round_robin_is_even_among_those_that_are_open);
    tcase_add_test(cases, idle_workers_take_turns_under_least);
    tcase_add_loop_test(cases, the_kernel_chooses_where_workers_accept, 0,
                        SCHEDULE_KINDS);
    return run_suite("schedule", cases);
}
