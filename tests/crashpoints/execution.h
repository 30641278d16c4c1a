/*
 * execution.h - may this request have been answered like that, the workers
 * having died as they did?
 *
 * Looks at what the records of the dead said, and at the counter that the
 * primary keeps, which tells how often a request has really run.
 */
#ifndef TESTS_CRASHPOINTS_EXECUTION_H
#define TESTS_CRASHPOINTS_EXECUTION_H

#include "tests/crashpoints/trial.h"

/* Says in trial->visit.wrong what cannot be.  To be called when nobody is
 * traced any more. */
void execution_judge(struct trial_stage *stage, struct crash_trial *trial);

#endif
