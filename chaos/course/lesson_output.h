/* SPDX-License-Identifier: MIT */
/*
 * lesson_output.h - renders the record of a lesson (lesson.json) for a
 * terminal, and all records as an HTML page.
 */
#ifndef CHAOS_COURSE_LESSON_OUTPUT_H
#define CHAOS_COURSE_LESSON_OUTPUT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes title, question and prediction; call it before the first run. */
void lesson_terminal_begin(FILE *out, const cJSON *record);

/* Writes one line for a case that was run or skipped.  `number` counts from 1.
 */
void lesson_terminal_case(FILE *out, const cJSON *entry, int number, int of);

/* Writes table, plots, sample lines, expectations and the closing texts; call
 * it after the last run. */
void lesson_terminal_end(FILE *out, const cJSON *record);

/* Writes the results of all lessons and a line of totals, in which an
 * inconclusive lesson counts as failed. */
void lessons_terminal(FILE *out, const cJSON *records);

/* Parts of lesson_terminal_end(): the table of measured and predicted values,
 * and one plot. */
void lesson_table(FILE *out, const cJSON *record);
void lesson_plot(FILE *out, const cJSON *plot);

/* "PASS", "FAIL", "INCONCLUSIVE", "STOPPED" (interrupted) or "skipped". */
const char *lesson_result_word(const cJSON *record);

/* Returns the page; `records` is an array in the order of the course.  The
 * caller frees the text. */
char *lessons_html(const cJSON *records);

#endif
