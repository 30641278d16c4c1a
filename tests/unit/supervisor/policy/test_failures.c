/* SPDX-License-Identifier: MIT */
/* test_failures.c - counts and times of each kind of failure. */
#include "supervisor/policy/failures.h"
#include "tests/harness/run_suite.h"

#define MINUTE_US (60 * UINT64_C(1000000))

static const struct exit_reason one = { .code = 1 };
static const struct exit_reason segv = { .code = -1, .signal = 11 };

START_TEST(kinds_differ_by_cause_code_and_signal)
{
    struct failures failures = { 0 };

    failures_note(&failures, CAUSE_OWN_EXIT, one, 1, 10);
    failures_note(&failures, CAUSE_CRASH, segv, 0, 20);
    failures_note(&failures, CAUSE_OWN_EXIT, one, 3, 30);
    failures_note(&failures, CAUSE_OWN_EXIT, (struct exit_reason){ .code = 2 },
                  0, 40);
    failures_note(&failures, CAUSE_HANG, segv, 0, 50);
    ck_assert_uint_eq(failures.kind_count, 4);
    ck_assert_uint_eq(failures.kinds[0].count, 2);
    ck_assert_uint_eq(failures.kinds[0].responses, 4);
    ck_assert_uint_eq(failures.kinds[0].first_us, 10);
    ck_assert_uint_eq(failures.kinds[0].last_us, 30);
    ck_assert_int_eq(failures.kinds[1].signal, 11);
    ck_assert_int_eq(failures.kinds[3].cause, CAUSE_HANG);
}
END_TEST

START_TEST(excess_kinds_share_the_last_entry)
{
    struct failures failures = { 0 };

    for (int code = 0; code < 40; code++)
        failures_note(&failures, CAUSE_OWN_EXIT,
                      (struct exit_reason){ .code = code }, 0, 1);
    failures_note(&failures, CAUSE_OWN_EXIT, one, 0, 2);
    ck_assert_uint_eq(failures.kind_count, FAILURES_KINDS + 1);
    ck_assert_uint_eq(failures.kinds[1].count, 2);
    ck_assert_uint_eq(failures.kinds[FAILURES_KINDS].count,
                      40 - FAILURES_KINDS);
}
END_TEST

START_TEST(last_hour_slides_by_minutes)
{
    struct failures failures = { 0 };
    const struct failure_kind *kind = failures.kinds;
    uint64_t start_us = 1000 * MINUTE_US;

    for (uint64_t minute = 0; minute < 90; minute++)
        failures_note(&failures, CAUSE_CRASH, segv, 0,
                      start_us + minute * MINUTE_US);
    ck_assert_uint_eq(kind->count, 90);
    ck_assert_uint_eq(failures_last_hour(kind, start_us + 89 * MINUTE_US), 60);
    ck_assert_uint_eq(failures_last_hour(kind, start_us + 99 * MINUTE_US), 50);
    ck_assert_uint_eq(failures_last_hour(kind, start_us + 148 * MINUTE_US), 1);
    ck_assert_uint_eq(failures_last_hour(kind, start_us + 149 * MINUTE_US), 0);
    ck_assert_uint_eq(failures_last_hour(kind, start_us + 9999 * MINUTE_US), 0);
}
END_TEST

START_TEST(old_failures_are_not_counted_again_after_a_pause)
{
    struct failures failures = { 0 };
    uint64_t start_us = 1000 * MINUTE_US;

    failures_note(&failures, CAUSE_CRASH, segv, 0, start_us);
    failures_note(&failures, CAUSE_CRASH, segv, 0, start_us + 59 * MINUTE_US);
    failures_note(&failures, CAUSE_CRASH, segv, 0, start_us + 60 * MINUTE_US);
    ck_assert_uint_eq(
        failures_last_hour(failures.kinds, start_us + 60 * MINUTE_US), 2);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("failures");

    tcase_add_test(cases, kinds_differ_by_cause_code_and_signal);
    tcase_add_test(cases, excess_kinds_share_the_last_entry);
    tcase_add_test(cases, last_hour_slides_by_minutes);
    tcase_add_test(cases, old_failures_are_not_counted_again_after_a_pause);
    return run_suite("failures", cases);
}
