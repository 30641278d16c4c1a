/* SPDX-License-Identifier: MIT */
/*
 * lesson_run.h - runs the cases of a lesson one after the other.
 */
#ifndef CHAOS_COURSE_LESSON_RUN_H
#define CHAOS_COURSE_LESSON_RUN_H

#include "chaos/course/lesson.h"

struct lesson_outcome {
    int status;           /* exit status, chaos/measure/exit_status.h */
    bool interrupted;     /* by a signal: run no further lesson */
    char why[LESSON_WHY]; /* the message, if status is EXIT_BAD_INPUT */
};

/*
 * Runs a loaded lesson and prints its progress and results.  Writes the reports
 * of each case to OUT/NAME/CASE and the record to OUT/NAME/lesson.json.  An
 * interrupted lesson leaves a record with the result "interrupted"; a lesson
 * with an error leaves none.  The record of an earlier run is removed first.
 */
void lesson_run(struct lesson *lesson, const char *out, uint64_t seed,
                struct lesson_outcome *outcome);

#endif
