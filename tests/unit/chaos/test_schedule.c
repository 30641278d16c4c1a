/* SPDX-License-Identifier: MIT */
/* test_schedule.c - the injections that a seed determines. */
#include "chaos/faults/schedule.h"
#include "chaos/faults/selection.h"
#include "tests/harness/run_suite.h"
#include <string.h>

#define SECOND UINT64_C(1000000)

static const struct fault faults[] = {
    { .timing = TIMING_POISSON, .interval_us = 100000, .end_us = 20 * SECOND },
    { .timing = TIMING_EVERY, .interval_us = 250000, .end_us = 20 * SECOND },
    { .timing = TIMING_BURST,
      .interval_us = SECOND,
      .burst = 3,
      .start_us = 5 * SECOND,
      .end_us = 10 * SECOND },
    { .timing = TIMING_RAMP, .interval_us = 50000, .end_us = 20 * SECOND },
};

START_TEST(same_seed_gives_the_same_injections)
{
    struct injection_schedule one, other;
    struct planned_injection a, b;
    int injections = 0;

    injection_schedule_begin(&one, 4711, faults, ROWS(faults));
    injection_schedule_begin(&other, 4711, faults, ROWS(faults));
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

START_TEST(different_seed_gives_different_injections)
{
    struct injection_schedule one, other;
    struct planned_injection a, b;

    injection_schedule_begin(&one, 1, faults, 1);
    injection_schedule_begin(&other, 2, faults, 1);
    ck_assert(injection_schedule_next(&one, &a) &&
              injection_schedule_next(&other, &b));
    ck_assert(a.at_us != b.at_us || a.draw != b.draw);
}
END_TEST

START_TEST(additional_fault_does_not_change_the_others)
{
    struct injection_schedule alone, together;
    struct planned_injection a, b;

    injection_schedule_begin(&alone, 4711, faults, 1);
    injection_schedule_begin(&together, 4711, faults, ROWS(faults));
    while (injection_schedule_next(&alone, &a)) {
        do
            ck_assert(injection_schedule_next(&together, &b));
        while (b.fault != 0);
        ck_assert_uint_eq(a.at_us, b.at_us);
        ck_assert_uint_eq(a.draw, b.draw);
    }
}
END_TEST

START_TEST(fault_that_hits_no_process_gets_no_injection_and_changes_none)
{
    struct fault mixed[] = { { .kind = FAULT_CLIENTS, .end_us = 20 * SECOND },
                             faults[0],
                             { .kind = FAULT_REQUEST, .end_us = 20 * SECOND },
                             faults[1] };
    struct injection_schedule alone, together;
    struct planned_injection a, b;

    injection_schedule_begin(&alone, 4711, faults, 2);
    injection_schedule_begin(&together, 4711, mixed, ROWS(mixed));
    while (injection_schedule_next(&alone, &a)) {
        ck_assert(injection_schedule_next(&together, &b));
        ck_assert_uint_eq(b.fault, 2 * a.fault + 1);
        ck_assert_uint_eq(a.at_us, b.at_us);
        ck_assert_uint_eq(a.draw, b.draw);
    }
    ck_assert(!injection_schedule_next(&together, &b));
}
END_TEST

START_TEST(injections_are_ordered_and_within_start_and_end)
{
    uint64_t last_us = 0, numbers[ROWS(faults)] = { 0 };
    struct planned_injection injection;
    struct injection_schedule plan;

    injection_schedule_begin(&plan, 99, faults, ROWS(faults));
    while (injection_schedule_next(&plan, &injection)) {
        const struct fault *fault = &faults[injection.fault];

        ck_assert_uint_ge(injection.at_us, last_us);
        ck_assert_uint_ge(injection.at_us, fault->start_us);
        ck_assert_uint_lt(injection.at_us, fault->end_us);
        ck_assert_uint_eq(injection.number, numbers[injection.fault]++);
        last_us = injection.at_us;
    }
}
END_TEST

static const struct {
    const char *because;
    struct fault fault;
    uint64_t at_us[6];
    int count;
} timings[] = {
    { "even: the first after one interval",
      { .timing = TIMING_EVERY, .interval_us = 10, .end_us = 45 },
      { 10, 20, 30, 40 },
      4 },
    { "none at the end itself",
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
    { "at most the maximum",
      { .timing = TIMING_EVERY, .interval_us = 10, .end_us = 99, .count = 2 },
      { 10, 20 },
      2 },
    { "a burst at one time",
      { .timing = TIMING_BURST, .interval_us = 10, .burst = 2, .end_us = 25 },
      { 10, 10, 20, 20 },
      4 },
    { "rolling is even",
      { .timing = TIMING_ROLLING, .interval_us = 7, .end_us = 20 },
      { 7, 14 },
      2 },
    { "once, whatever the maximum",
      { .timing = TIMING_ONCE, .interval_us = 7, .end_us = 99, .count = 5 },
      { 7 },
      1 },
    { "once, but after the end",
      { .timing = TIMING_ONCE, .interval_us = 100, .end_us = 99 },
      { 0 },
      0 },
    { "a ramp gets denser: sqrt(2 n 10 100)",
      { .timing = TIMING_RAMP, .interval_us = 10, .end_us = 100 },
      { 44, 63, 77, 89 },
      4 },
};

START_TEST(injections_occur_at_the_listed_times)
{
    struct planned_injection injection;
    struct injection_schedule plan;

    injection_schedule_begin(&plan, 1, &timings[_i].fault, 1);
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

START_TEST(poisson_injections_have_the_configured_rate)
{
    const struct fault fault = { .timing = TIMING_POISSON,
                                 .interval_us = 1000,
                                 .end_us = 10 * SECOND };
    struct planned_injection injection;
    struct injection_schedule plan;
    int injections = 0;

    injection_schedule_begin(&plan, 5, &fault, 1);
    while (injection_schedule_next(&plan, &injection))
        injections++;
    /* 10,000 expected, standard deviation 100. */
    ck_assert_int_gt(injections, 9500);
    ck_assert_int_lt(injections, 10500);
}
END_TEST

static const struct victim victims[] = {
    { .started_ticks = 5, .busy_ticks = 10, .is_starting = false },
    { .started_ticks = 3, .busy_ticks = 50, .is_starting = true },
    { .started_ticks = 9, .busy_ticks = 20, .is_starting = true },
    { .started_ticks = 9, .busy_ticks = 50, .is_starting = false },
};

static const struct {
    const char *because;
    enum victim_choice choice;
    uint64_t draw;
    uint32_t count;
    int chosen;
} choices[] = {
    { "the draw selects", CHOOSE_RANDOM, 6, 4, 2 },
    { "any draw is valid", CHOOSE_RANDOM, UINT64_MAX, 4, 3 },
    { "the first of the newest processes", CHOOSE_NEWEST, 1, 4, 2 },
    { "the oldest", CHOOSE_OLDEST, 0, 4, 1 },
    { "the first of the busiest", CHOOSE_BUSIEST, 0, 4, 1 },
    { "a starting process", CHOOSE_STARTING, 0, 4, 1 },
    { "the other starting process", CHOOSE_STARTING, 1, 4, 2 },
    { "no starting process", CHOOSE_STARTING, 0, 1, -1 },
    { "all: the first one", CHOOSE_ALL, 3, 4, 0 },
    { "the root is not a candidate", CHOOSE_ROOT, 0, 4, -1 },
    { "no candidates", CHOOSE_RANDOM, 0, 0, -1 },
    { "all of no candidates", CHOOSE_ALL, 0, 0, -1 },
};

START_TEST(victim_is_chosen_per_the_table)
{
    const struct fault fault = { .victim = choices[_i].choice };

    ck_assert_msg(selection_choose(&fault, choices[_i].draw, victims,
                                   choices[_i].count) == choices[_i].chosen,
                  "%s", choices[_i].because);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("schedule");

    tcase_add_test(cases, same_seed_gives_the_same_injections);
    tcase_add_test(cases, different_seed_gives_different_injections);
    tcase_add_test(cases, additional_fault_does_not_change_the_others);
    tcase_add_test(
        cases, fault_that_hits_no_process_gets_no_injection_and_changes_none);
    tcase_add_test(cases, injections_are_ordered_and_within_start_and_end);
    tcase_add_loop_test(cases, injections_occur_at_the_listed_times, 0,
                        ROWS(timings));
    tcase_add_test(cases, poisson_injections_have_the_configured_rate);
    tcase_add_loop_test(cases, victim_is_chosen_per_the_table, 0,
                        ROWS(choices));
    return run_suite("schedule", cases);
}
