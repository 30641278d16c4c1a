/* SPDX-License-Identifier: MIT */
/*
 * lesson_html.h - the part of the page for one lesson (see lesson_output.h).
 */
#ifndef CHAOS_COURSE_LESSON_HTML_H
#define CHAOS_COURSE_LESSON_HTML_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

/* Writes the article of a lesson.  Numbers the plots that the script draws,
 * starting with *plots, and advances *plots. */
void lesson_html(FILE *out, const cJSON *record, int *plots);

/* Writes the result of a lesson as a badge. */
void lesson_html_badge(FILE *out, const cJSON *record);

/* Returns true if the script draws the plot, false if the page contains it. */
bool lesson_html_draws_later(const cJSON *plot);

#endif
