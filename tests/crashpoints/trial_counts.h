/*
 * trial_counts.h - how many points were tried, and how those workers died.
 */
#ifndef TESTS_CRASHPOINTS_TRIAL_COUNTS_H
#define TESTS_CRASHPOINTS_TRIAL_COUNTS_H

#include "tests/crashpoints/trial.h"
#include <stddef.h>

struct trial_counts {
    size_t trials;
    size_t deaths;                  /* that were reached */
    size_t deaths_amid;             /* trials with one before the last answer */
    size_t by_state[RECORD_STATES]; /* what the records of the dead said */
    size_t answered, refused;       /* how the first request ended */
};

void trial_counts_add(struct trial_counts *trial_counts,
                      const struct crash_trial *trial);

/*
 * Appends one line to build/crashpoints/NAME, for whoever ran the tests:
 * suites print nothing themselves while all is well.
 */
void trial_counts_write(const struct trial_counts *trial_counts,
                        const char *name, const struct trial_stage *stage);

#endif
