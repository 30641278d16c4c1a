/* SPDX-License-Identifier: MIT */
/*
 * lesson_record.h - the content of lesson.json: everything that is needed to
 * show the results of a lesson without loading the lesson.
 */
#ifndef CHAOS_COURSE_LESSON_RECORD_H
#define CHAOS_COURSE_LESSON_RECORD_H

#include "chaos/course/lesson.h"
#include "chaos/runner/run.h"

/* Default folders of the lessons and of their results. */
#define LESSONS_FOLDER "chaos/course/lessons"
#define LESSONS_OUT    "build/lessons"

/* Records the texts, columns, machine, and the command that repeats the lesson
 * with this seed and output folder. */
void lesson_record_begin(struct lesson *lesson, uint64_t seed, const char *out);

/* Adds a case without measurements.  Returns its entry, owned by the record. */
cJSON *lesson_record_case(struct lesson *lesson, const cJSON *one);

/* Records that the case was not run because `program` is not installed. */
void lesson_record_skipped(cJSON *entry, const char *program);

/* Records status, counts and verdict of a run. */
void lesson_record_run(cJSON *entry, const struct run *run);

/* Records the result: "passed", "failed", "inconclusive", "interrupted" or
 * "skipped".  `because` may be empty. */
void lesson_record_result(struct lesson *lesson, const char *result,
                          const char *because);

/* Removes OUT/NAME/lesson.json of an earlier run. */
void lesson_record_forget(const char *out, const char *name);

/* Returns all records below `out` whose lesson files still exist, in the order
 * of the course.  The caller deletes the array. */
cJSON *lesson_records(const char *out);

#endif
