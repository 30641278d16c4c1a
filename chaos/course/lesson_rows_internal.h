/* SPDX-License-Identifier: MIT */
/*
 * lesson_rows_internal.h - shared by the files that implement lesson_rows.h:
 *
 *   lesson_rows.c      measures a case
 *   lesson_cell.c      stores a function's result in the table
 *   lesson_conclude.c  predictions, sample lines, expectations
 */
#ifndef CHAOS_COURSE_LESSON_ROWS_INTERNAL_H
#define CHAOS_COURSE_LESSON_ROWS_INTERNAL_H

#include "chaos/course/lesson.h"

/* Each push function pushes one value on the stack of the lesson's Lua state.
 */

/* Pushes the value of a registry reference: the lesson's table, rows or runs.
 */
void lesson_push_reference(const struct lesson *lesson, int reference);

/* Pushes the row or the run of the case `name`. */
void lesson_push_named(const struct lesson *lesson, int reference,
                       const char *name);

/* Pushes the field `name` of a column (counted from 0), or nil.  Returns its
 * type. */
int lesson_push_function(const struct lesson *lesson, int column,
                         const char *name);

/*
 * Pops the result of the column's `function` ("measure" or "predict") and
 * stores it in the table below it on the stack, and in `entry`: the value in
 * the object `name`, the formatted value in NAME_text.  nil stores nothing.
 * Returns false with a message in `why` if the type is not allowed in a cell.
 */
bool lesson_keep_cell(const struct lesson *lesson, const cJSON *column,
                      const char *function, cJSON *entry, const char *name,
                      char why[LESSON_WHY]);

#endif
