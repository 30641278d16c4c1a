/* SPDX-License-Identifier: MIT */
/* test_signal_name.c - the names of signals, and their numbers by name. */
#include "supervisor/policy/signal_name.h"
#include "tests/harness/run_suite.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define NAMED_SIGNALS 31 /* real-time signals follow */

START_TEST(signals_have_their_standard_names)
{
    char name[32];

    for (int signal = 1; signal <= NAMED_SIGNALS; signal++) {
        snprintf(name, sizeof name, "SIG%s", sigabbrev_np(signal));
        ck_assert_str_eq(signal_name(signal), name);
        ck_assert_str_eq(signal_abbreviation(signal), name + 3);
        ck_assert_int_eq(signal_number(name), signal);
        ck_assert_int_eq(signal_number(name + 3), signal);
    }
}
END_TEST

START_TEST(every_signal_number_has_a_name)
{
    ck_assert_ptr_null(signal_name(0));
    ck_assert_str_eq(signal_name(NAMED_SIGNALS + 1), "real-time signal");
    ck_assert_str_eq(signal_name(SIGRTMAX), "real-time signal");
    ck_assert_ptr_nonnull(signal_name(-1));
    ck_assert_ptr_null(signal_abbreviation(0));
    ck_assert_ptr_null(signal_abbreviation(-1));
    ck_assert_ptr_null(signal_abbreviation(NAMED_SIGNALS + 1));
}
END_TEST

START_TEST(numbers_are_found_by_names_in_any_case)
{
    static const char *const unknown[] = { "", "SIG", "KIL", "KILLS", "9" };

    ck_assert_int_eq(signal_number("sigkill"), SIGKILL);
    ck_assert_int_eq(signal_number("Term"), SIGTERM);
    for (size_t i = 0; i < ROWS(unknown); i++)
        ck_assert_int_eq(signal_number(unknown[i]), 0);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("signal name");

    tcase_add_test(cases, signals_have_their_standard_names);
    tcase_add_test(cases, every_signal_number_has_a_name);
    tcase_add_test(cases, numbers_are_found_by_names_in_any_case);
    return run_suite("signal name", cases);
}
