/* SPDX-License-Identifier: MIT */
/*
 * lesson_text.h - writes the texts of a lesson, which are CommonMark.
 *
 * Indentation that all lines of a text have in common is ignored.  HTML in a
 * text is not passed through.
 */
#ifndef CHAOS_COURSE_LESSON_TEXT_H
#define CHAOS_COURSE_LESSON_TEXT_H

#include <stdio.h>

void lesson_text_html(FILE *out, const char *text);

/* Indented by two columns and wrapped to the width of the terminal. */
void lesson_text_terminal(FILE *out, const char *text);

#endif
