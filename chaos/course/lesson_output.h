/*
 * lesson_output.h - the faces of a lesson's record (lesson.json), for a
 * terminal and as a page with all lessons.
 */
#ifndef CHAOS_COURSE_LESSON_OUTPUT_H
#define CHAOS_COURSE_LESSON_OUTPUT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Before anything runs: title, question, prediction. */
void lesson_terminal_begin(FILE *out, const cJSON *record);

/* One line for a case that has been run, or skipped; `number` from 1. */
void lesson_terminal_case(FILE *out, const cJSON *entry, int number, int of);

/* After the last: the table, plots, sample_lines, expectations, what to learn.
 */
void lesson_terminal_end(FILE *out, const cJSON *record);

/* All lessons and how they ended, and a line that counts: what is inconclusive
 * has not passed. */
void lessons_terminal(FILE *out, const cJSON *records);

/* The pieces of it: measured beside predicted, and one plot. */
void lesson_table(FILE *out, const cJSON *record);
void lesson_plot(FILE *out, const cJSON *plot);

/* "PASS", "FAIL", "INCONCLUSIVE", "STOPPED" (interrupted) or "skipped". */
const char *lesson_result_word(const cJSON *record);

/* The page; `records` is an array in the order of the course.  The caller
 * frees the text. */
char *lessons_html(const cJSON *records);

#endif
