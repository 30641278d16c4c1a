/*
 * lesson_rows_internal.h - what the files of a lesson's rows ask of each other;
 * for nobody else (see lesson_rows.h).
 *
 *   lesson_rows.c      what is measured of a case
 *   lesson_cell.c      what a function said, into the table
 *   lesson_conclude.c  predictions, sample_lines, expectations
 */
#ifndef CHAOS_COURSE_LESSON_ROWS_INTERNAL_H
#define CHAOS_COURSE_LESSON_ROWS_INTERNAL_H

#include "chaos/course/lesson.h"

/* Each pushes one value on the stack of the lesson's Lua. */

/* What a reference of the lesson stands for: its table, rows or runs. */
void lesson_push_reference(const struct lesson *lesson, int reference);

/* The row or the run of that name. */
void lesson_push_named(const struct lesson *lesson, int reference,
                       const char *name);

/* The function `name` of the column, or nil.  Returns its type. */
int lesson_push_function(const struct lesson *lesson, int column,
                         const char *name);

/*
 * Moves what the column's `function` ("measure", "predict") returned, on top of
 * the stack, into the row's table below it, and into `entry`: its value into
 * NAME, and how it is written into NAME_text.  nil is no cell.  Returns false
 * with a complaint when it is what no cell can hold.
 */
bool lesson_keep_cell(const struct lesson *lesson, const cJSON *column,
                      const char *function, cJSON *entry, const char *name,
                      char why[LESSON_WHY]);

#endif
