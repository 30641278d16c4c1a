/* test_schedule.c - what a seed decides. */
#include "chaos/faults/schedule.h"
#include "tests/harness/run_suite.h"
#include <string.h>

#define SECOND UINT64_C(1000000)

static const struct fault_schedule schedules[] = {
    { .timing = TIMING_POISSON, .interval_us = 100000, .end_us = 20 * SECOND },
    { .timing = TIMING_EVERY, .interval_us = 250000, .end_us = 20 * SECOND },
    { .timing = TIMING_BURST,
      .interval_us = SECOND,
      .burst = 3,
      .start_us = 5 * SECOND,
      .end_us = 10 * SECOND },
    { .timing = TIMING_RAMP, .interval_us = 50000, .end_us = 20 * SECOND },
};

START_TEST(the_same_seed_gives_the_same_injections_bit_for_bit)
{
    struct injection_schedule one, other;
    struct planned_injection a, b;
    int injections = 0;

    injection_schedule_begin(&one, 4711, schedules, ROWS(schedules));
    injection_schedule_begin(&other, 4711, schedules, ROWS(schedules));
    while (injection_schedule_next(&one, &a)) {
        ck_assert(injection_schedule_next(&other, &b));
        ck_assert_uint_eq(a.at_us, b.at_us);
        ck_assert_uint_eq(a.fault, b.fault);
        ck_assert_uint_eq(a.number, b.number);
        ck_assert_uint_eq(a.draw, b.draw);
        injections++;
    }
    ck_assert(!injection_schedule_next(&other, &b));
    ck_assert_int_gt(injections, 400);
}
END_TEST

START_TEST(another_seed_gives_others)
{
    struct injection_schedule one, other;
    struct planned_injection a, b;

    injection_schedule_begin(&one, 1, schedules, 1);
    injection_schedule_begin(&other, 2, schedules, 1);
    ck_assert(injection_schedule_next(&one, &a) &&
              injection_schedule_next(&other, &b));
    ck_assert(a.at_us != b.at_us || a.draw != b.draw);
}
END_TEST

START_TEST(a_further_fault_changes_nothing_of_the_others)
{
    struct injection_schedule alone, together;
    struct planned_injection a, b;

    injection_schedule_begin(&alone, 4711, schedules, 1);
    injection_schedule_begin(&together, 4711, schedules, ROWS(schedules));
    while (injection_schedule_next(&alone, &a)) {
        do
            ck_assert(injection_schedule_next(&together, &b));
        while (b.fault != 0);
        ck_assert_uint_eq(a.at_us, b.at_us);
        ck_assert_uint_eq(a.draw, b.draw);
    }
}
END_TEST

START_TEST(injections_come_in_order_and_within_their_time)
{
    uint64_t last_us = 0, numbers[ROWS(schedules)] = { 0 };
    struct planned_injection injection;
    struct injection_schedule plan;

    injection_schedule_begin(&plan, 99, schedules, ROWS(schedules));
    while (injection_schedule_next(&plan, &injection)) {
        const struct fault_schedule *schedule = &schedules[injection.fault];

        ck_assert_uint_ge(injection.at_us, last_us);
        ck_assert_uint_ge(injection.at_us, schedule->start_us);
        ck_assert_uint_lt(injection.at_us, schedule->end_us);
        ck_assert_uint_eq(injection.number, numbers[injection.fault]++);
        last_us = injection.at_us;
    }
}
END_TEST

static const struct {
    const char *because;
    struct fault_schedule schedule;
    uint64_t at_us[6];
    int count;
} timings[] = {
    { "evenly, the first after one interval",
      { .timing = TIMING_EVERY, .interval_us = 10, .end_us = 45 },
      { 10, 20, 30, 40 },
      4 },
    { "nothing at the end itself",
      { .timing = TIMING_EVERY, .interval_us = 10, .end_us = 20 },
      { 10 },
      1 },
    { "counted from the start",
      { .timing = TIMING_EVERY,
        .interval_us = 10,
        .start_us = 5,
        .end_us = 30 },
      { 15, 25 },
      2 },
    { "no more than allowed",
      { .timing = TIMING_EVERY, .interval_us = 10, .end_us = 99, .max = 2 },
      { 10, 20 },
      2 },
    { "several at once",
      { .timing = TIMING_BURST, .interval_us = 10, .burst = 2, .end_us = 25 },
      { 10, 10, 20, 20 },
      4 },
    { "rolling is even",
      { .timing = TIMING_ROLLING, .interval_us = 7, .end_us = 20 },
      { 7, 14 },
      2 },
    { "once is once, whatever is allowed",
      { .timing = TIMING_ONCE, .interval_us = 7, .end_us = 99, .max = 5 },
      { 7 },
      1 },
    { "once may fall outside",
      { .timing = TIMING_ONCE, .interval_us = 100, .end_us = 99 },
      { 0 },
      0 },
    { "a ramp gets denser: sqrt(2 n 10 100)",
      { .timing = TIMING_RAMP, .interval_us = 10, .end_us = 100 },
      { 44, 63, 77, 89 },
      4 },
};

START_TEST(injections_when_the_table_says)
{
    struct planned_injection injection;
    struct injection_schedule plan;

    injection_schedule_begin(&plan, 1, &timings[_i].schedule, 1);
    for (int i = 0; i < timings[_i].count; i++) {
        ck_assert_msg(injection_schedule_next(&plan, &injection),
                      "%s: hit %d is missing", timings[_i].because, i);
        ck_assert_msg(injection.at_us == timings[_i].at_us[i],
                      "%s: hit %d at %llu", timings[_i].because, i,
                      (unsigned long long)injection.at_us);
    }
    ck_assert_msg(!injection_schedule_next(&plan, &injection),
                  "%s: one too many", timings[_i].because);
}
END_TEST

START_TEST(poisson_injections_as_often_as_it_should)
{
    const struct fault_schedule schedule = { .timing = TIMING_POISSON,
                                             .interval_us = 1000,
                                             .end_us = 10 * SECOND };
    struct planned_injection injection;
    struct injection_schedule plan;
    int injections = 0;

    injection_schedule_begin(&plan, 5, &schedule, 1);
    while (injection_schedule_next(&plan, &injection))
        injections++;
    /* 10,000 expected, standard deviation 100. */
    ck_assert_int_gt(injections, 9500);
    ck_assert_int_lt(injections, 10500);
}
END_TEST

static const struct victim_traits victims[] = {
    { .started = 5, .busy = 10, .starting = false },
    { .started = 3, .busy = 50, .starting = true },
    { .started = 9, .busy = 20, .starting = true },
    { .started = 9, .busy = 50, .starting = false },
};

static const struct {
    const char *because;
    enum victim_choice choice;
    uint64_t draw;
    uint32_t count;
    int chosen;
} choices[] = {
    { "the draw decides", CHOOSE_RANDOM, 6, 4, 2 },
    { "whatever it is", CHOOSE_RANDOM, UINT64_MAX, 4, 3 },
    { "the first of the newest", CHOOSE_NEWEST, 1, 4, 2 },
    { "the oldest", CHOOSE_OLDEST, 0, 4, 1 },
    { "the first of the busiest", CHOOSE_BUSIEST, 0, 4, 1 },
    { "one that starts", CHOOSE_STARTING, 0, 4, 1 },
    { "the other that starts", CHOOSE_STARTING, 1, 4, 2 },
    { "none starts", CHOOSE_STARTING, 0, 1, -1 },
    { "all begin with the first", CHOOSE_ALL, 3, 4, 0 },
    { "the root is none of them", CHOOSE_ROOT, 0, 4, -1 },
    { "nobody is there", CHOOSE_RANDOM, 0, 0, -1 },
    { "nobody at all", CHOOSE_ALL, 0, 0, -1 },
};

START_TEST(chooses_whom_the_table_says)
{
    const struct planned_injection injection = { .draw = choices[_i].draw };

    ck_assert_msg(injection_schedule_choose(choices[_i].choice, &injection,
                                            victims, choices[_i].count) ==
                      choices[_i].chosen,
                  "%s", choices[_i].because);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("plan");

    tcase_add_test(cases, the_same_seed_gives_the_same_injections_bit_for_bit);
    tcase_add_test(cases, another_seed_gives_others);
    tcase_add_test(cases, a_further_fault_changes_nothing_of_the_others);
    tcase_add_test(cases, injections_come_in_order_and_within_their_time);
    tcase_add_loop_test(cases, injections_when_the_table_says, 0,
                        ROWS(timings));
    tcase_add_test(cases, poisson_injections_as_often_as_it_should);
    tcase_add_loop_test(cases, chooses_whom_the_table_says, 0, ROWS(choices));
    return run_suite("plan", cases);
}
