/*
 * lesson_record.h - what becomes lesson.json: all that pages and terminals
 * need to show a lesson, without the lesson.
 */
#ifndef CHAOS_COURSE_LESSON_RECORD_H
#define CHAOS_COURSE_LESSON_RECORD_H

#include "chaos/course/lesson.h"
#include "chaos/runner/run.h"

/* Where lessons are, and where they leave what they found, unless told. */
#define LESSONS_FOLDER "chaos/course/lessons"
#define LESSONS_OUT    "build/lessons"

/* Texts, columns, machine and command: with this seed, into `out`. */
void lesson_record_begin(struct lesson *lesson, uint64_t seed, const char *out);

/* Adds a case, without figures.  Returns its entry. */
cJSON *lesson_record_case(struct lesson *lesson, const cJSON *one);

/* It was not run for want of a program. */
void lesson_record_skipped(cJSON *entry, const char *program);

/* How its run went: status, counts, verdict. */
void lesson_record_run(cJSON *entry, const struct run *run);

/* "passed", "failed", "inconclusive", "interrupted" or "skipped"; `because` may
 * be empty. */
void lesson_record_result(struct lesson *lesson, const char *result,
                          const char *because);

/* Removes what an earlier run of the lesson left as OUT/NAME/lesson.json. */
void lesson_record_forget(const char *out, const char *name);

/* All records below OUT whose lessons are still there, in the order of the
 * course; the caller deletes them. */
cJSON *lesson_records(const char *out);

#endif
