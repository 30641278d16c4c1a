/* SPDX-License-Identifier: MIT */
/*
 * execution.h - whether the response to a request is valid, given where its
 * workers died.
 *
 * Uses the records of the dead workers, and the supervisor's counter, which
 * shows how often a request has run.
 */
#ifndef TESTS_CRASHPOINTS_EXECUTION_H
#define TESTS_CRASHPOINTS_EXECUTION_H

#include "tests/crashpoints/trial.h"

/* Complains in trial->visit.wrong if the response is not valid.  Call it when
 * no worker is traced any more. */
void execution_judge(struct trial_stage *stage, struct crash_trial *trial);

#endif
