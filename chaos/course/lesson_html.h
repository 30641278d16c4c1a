/*
 * lesson_html.h - one lesson's part of the page (lesson_output.h).
 */
#ifndef CHAOS_COURSE_LESSON_HTML_H
#define CHAOS_COURSE_LESSON_HTML_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

/* Its article.  Plots that a script draws are numbered from *plots on. */
void lesson_html(FILE *out, const cJSON *record, int *plots);

/* How it ended, as a small sign. */
void lesson_html_badge(FILE *out, const cJSON *record);

/* The plot is left to the script; the others stand in the page itself. */
bool lesson_html_draws_later(const cJSON *plot);

#endif
