/* SPDX-License-Identifier: MIT */
/*
 * trial_counts.h - numbers of trials, deaths and outcomes.
 */
#ifndef TESTS_CRASHPOINTS_TRIAL_COUNTS_H
#define TESTS_CRASHPOINTS_TRIAL_COUNTS_H

#include "tests/crashpoints/trial.h"
#include <stddef.h>

struct trial_counts {
    size_t trials;
    size_t deaths;                  /* points that were reached */
    size_t killed_before_end;       /* trials with one before the last answer */
    size_t by_state[RECORD_STATES]; /* the records of the dead workers */
    size_t answered, refused;       /* how the first request ended */
};

void trial_counts_add(struct trial_counts *trial_counts,
                      const struct crash_trial *trial);

/*
 * Appends one line to build/crashpoints/NAME.  A suite that passes prints
 * nothing itself.
 */
void trial_counts_write(const struct trial_counts *trial_counts,
                        const char *name, const struct trial_stage *stage);

#endif
