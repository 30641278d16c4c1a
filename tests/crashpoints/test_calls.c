/* SPDX-License-Identifier: MIT */
/* test_calls.c - a worker is killed at the entry and at the exit of every
 * system call it makes for a request, and the client does not notice. */
#include "tests/crashpoints/trial_counts.h"
#include "tests/harness/suite.h"
#include <stdlib.h>

/* Runs differ by some calls, depending on when bytes arrive: the longest of
 * UNDISTURBED runs counts, and BEYOND more points are tried. */
#define UNDISTURBED 3
#define BEYOND      3

static unsigned count_stops(struct trial_stage *stage)
{
    unsigned max = 0;

    for (int i = 0; i < UNDISTURBED; i++) {
        struct crash_trial trial = { .victims = 0 };

        trial_run(stage, &trial);
        if (trial.stops[0] > max)
            max = trial.stops[0];
    }
    return max;
}

START_TEST(worker_killed_at_any_call_is_not_noticed)
{
    struct trial_counts trial_counts = { 0 };
    struct trial_stage stage;
    unsigned stops;

    stage_open(&stage, case_script(_i), case_setting(_i), 1, "");
    stops = count_stops(&stage) + BEYOND;
    for (unsigned stop = 0; stop < stops; stop++) {
        struct crash_trial trial = { .points = { { .stop = stop } },
                                     .victims = 1 };

        trial_run(&stage, &trial);
        trial_counts_add(&trial_counts, &trial);
    }
    /* Some points must be reached while the worker serves the request. */
    ck_assert_uint_gt(trial_counts.by_state[RECORD_PARSING], 0);
    ck_assert_uint_gt(trial_counts.by_state[RECORD_COMMITTED], 0);
    ck_assert_uint_gt(trial_counts.killed_before_end, 0);
    stage_close(&stage);
    trial_counts_write(&trial_counts, "calls", &stage);
}
END_TEST

/* Usage: test_calls [CASE]. */
int main(int argc, char **argv)
{
    TCase *cases = suite_case("calls");
    int first = argc > 1 ? atoi(argv[1]) : 0;
    int end = argc > 1 ? first + 1 : case_script_count * case_setting_count;

    tcase_add_loop_test(cases, worker_killed_at_any_call_is_not_noticed, first,
                        end);
    return suite_run(cases, "calls");
}
