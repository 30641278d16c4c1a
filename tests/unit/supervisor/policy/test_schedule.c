/* SPDX-License-Identifier: MIT */
/* test_schedule.c - which worker gets the next connection. */
#include "supervisor/policy/schedule.h"
#include "tests/harness/run_suite.h"

#define WORKERS 4
#define CLOSED  SCHEDULE_CLOSED

/* The first kind where the kernel picks. */
#define BY_KERNEL SCHEDULE_SHARED

static const struct {
    const char *because;
    enum schedule_kind kind;
    uint32_t loads[WORKERS];
    size_t cursor, chosen;
} picks[] = {
    { "the first worker", SCHEDULE_RR, { 0, 0, 0, 0 }, 0, 0 },
    { "the next worker", SCHEDULE_RR, { 1, 0, 0, 0 }, 1, 1 },
    { "the next worker, although it is busy",
      SCHEDULE_RR,
      { 0, 9, 0, 0 },
      1,
      1 },
    { "the first worker after the last", SCHEDULE_RR, { 9, 0, 0, 0 }, 4, 0 },
    { "a closed worker is skipped", SCHEDULE_RR, { 0, CLOSED, 5, 0 }, 1, 2 },
    { "a closed worker at the end is skipped",
      SCHEDULE_RR,
      { 7, 0, 0, CLOSED },
      3,
      0 },
    { "the only open worker",
      SCHEDULE_RR,
      { CLOSED, 3, CLOSED, CLOSED },
      2,
      1 },
    { "a cursor beyond the pool", SCHEDULE_RR, { 0, 0, 0, 0 }, 17, 1 },

    { "the fewest connections", SCHEDULE_LEAST, { 4, 3, 2, 3 }, 0, 2 },
    { "the fewest from any cursor", SCHEDULE_LEAST, { 4, 3, 2, 3 }, 3, 2 },
    { "an idle worker", SCHEDULE_LEAST, { 1, 0, 1, 1 }, 2, 1 },
    { "of equal workers the next one", SCHEDULE_LEAST, { 2, 2, 2, 2 }, 3, 3 },
    { "of idle workers the next one", SCHEDULE_LEAST, { 0, 0, 0, 0 }, 2, 2 },
    { "of the least busy the next one", SCHEDULE_LEAST, { 1, 2, 1, 2 }, 1, 2 },
    { "closed workers do not count as idle",
      SCHEDULE_LEAST,
      { CLOSED, 9, CLOSED, 8 },
      0,
      3 },
    { "nor does a closed worker at the cursor",
      SCHEDULE_LEAST,
      { CLOSED, 9, 9, 9 },
      0,
      1 },
};

START_TEST(worker_is_picked_by_kind_and_cursor)
{
    size_t cursor = picks[_i].cursor;
    size_t chosen =
        schedule_pick(picks[_i].kind, picks[_i].loads, WORKERS, &cursor);

    ck_assert_msg(chosen == picks[_i].chosen, "%s: want %zu, got %zu",
                  picks[_i].because, picks[_i].chosen, chosen);
}
END_TEST

START_TEST(pick_reports_that_all_are_closed)
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

START_TEST(both_kinds_distribute_evenly)
{
    uint32_t loads[WORKERS] = { 0 };
    size_t cursor = 0;

    for (uint32_t round = 1; round <= 100; round++) {
        for (int i = 0; i < WORKERS; i++)
            loads[schedule_pick((enum schedule_kind)_i, loads, WORKERS,
                                &cursor)]++;
        for (int i = 0; i < WORKERS; i++)
            ck_assert_uint_eq(loads[i], round);
    }
}
END_TEST

START_TEST(round_robin_distributes_evenly_among_open_workers)
{
    uint32_t loads[WORKERS] = { 0, CLOSED, 0, 0 };
    size_t cursor = 0;

    for (int i = 0; i < 300; i++)
        loads[schedule_pick(SCHEDULE_RR, loads, WORKERS, &cursor)]++;
    ck_assert_uint_eq(loads[0], 100);
    ck_assert_uint_eq(loads[2], 100);
    ck_assert_uint_eq(loads[3], 100);
}
END_TEST

START_TEST(least_picks_idle_workers_in_turn)
{
    static const uint32_t idle[WORKERS] = { 0 };
    size_t cursor = 0;

    for (size_t i = 0; i < 3 * WORKERS; i++)
        ck_assert_uint_eq(schedule_pick(SCHEDULE_LEAST, idle, WORKERS, &cursor),
                          i % WORKERS);
}
END_TEST

START_TEST(kernel_picks_where_workers_accept)
{
    ck_assert_int_eq(schedule_by_kernel((enum schedule_kind)_i),
                     _i >= BY_KERNEL);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("schedule");

    tcase_add_loop_test(cases, worker_is_picked_by_kind_and_cursor, 0,
                        ROWS(picks));
    tcase_add_loop_test(cases, pick_reports_that_all_are_closed, 0, BY_KERNEL);
    tcase_add_loop_test(cases, both_kinds_distribute_evenly, 0, BY_KERNEL);
    tcase_add_test(cases, round_robin_distributes_evenly_among_open_workers);
    tcase_add_test(cases, least_picks_idle_workers_in_turn);
    tcase_add_loop_test(cases, kernel_picks_where_workers_accept, 0,
                        SCHEDULE_KINDS);
    return run_suite("schedule", cases);
}
