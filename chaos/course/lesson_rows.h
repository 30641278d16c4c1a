/* SPDX-License-Identifier: MIT */
/*
 * lesson_rows.h - evaluates the runs of a lesson: measured and predicted
 * values, sample lines, expectations.
 *
 * Both functions call functions of the lesson and write the results to its
 * record.  They return false with a message in `why` on an error in the lesson.
 */
#ifndef CHAOS_COURSE_LESSON_ROWS_H
#define CHAOS_COURSE_LESSON_ROWS_H

#include "chaos/course/lesson.h"

/* Measures a case that was run: `run` is run.json, `log` the target's output or
 * NULL.  Writes the values to `entry`, the case's entry in the record. */
bool lesson_measure(struct lesson *lesson, int index, const cJSON *run,
                    const char *log, cJSON *entry, char why[LESSON_WHY]);

/* Evaluates predictions, plots, sample lines and expectations after the last
 * case.  Sets *passed if all expectations hold. */
bool lesson_conclude(struct lesson *lesson, bool *passed, char why[LESSON_WHY]);

#endif
