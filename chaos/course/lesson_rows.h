/*
 * lesson_rows.h - what a lesson makes of its runs: the table's rows, the
 * predictions beside them, the sample_lines, the expectations.
 *
 * Calls the lesson's functions and writes what they say into its record.  Each
 * returns false with a complaint when the lesson is at fault.
 */
#ifndef CHAOS_COURSE_LESSON_ROWS_H
#define CHAOS_COURSE_LESSON_ROWS_H

#include "chaos/course/lesson.h"

/* Measures a case that has been run: `run` is run.json, `log` what the target
 * wrote (or NULL).  Fills in `entry`, its place in the record. */
bool lesson_measure(struct lesson *lesson, int index, const cJSON *run,
                    const char *log, cJSON *entry, char why[LESSON_WHY]);

/* After the last case: predictions, plots, sample_lines and expectations.
 * *passed: all of these hold. */
bool lesson_conclude(struct lesson *lesson, bool *passed, char why[LESSON_WHY]);

#endif
