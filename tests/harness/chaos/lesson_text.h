/* SPDX-License-Identifier: MIT */
/*
 * lesson_text.h - lessons given as a string.
 */
#ifndef TESTS_HARNESS_CHAOS_LESSON_TEXT_H
#define TESTS_HARNESS_CHAOS_LESSON_TEXT_H

#include "chaos/course/lesson.h"

/* Loads `text` like a file; `why` is as for lesson_load(), but without the name
 * of the file: ":LINE: ...". */
bool lesson_text_load(struct lesson *lesson, const char *text,
                      char why[LESSON_WHY]);

/* A valid lesson with two cases, a and b, and with `columns` and `rest` (more
 * fields of the table, each ending in a comma) inserted.  Static. */
const char *lesson_text(const char *columns, const char *rest);

#endif
