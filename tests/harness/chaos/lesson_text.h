/* SPDX-License-Identifier: MIT */
/*
 * lesson_text.h - lessons that stand in a test, not in a file.
 */
#ifndef TESTS_HARNESS_CHAOS_LESSON_TEXT_H
#define TESTS_HARNESS_CHAOS_LESSON_TEXT_H

#include "chaos/course/lesson.h"

/* Loads `text` as if it stood in a file; `why` is as lesson_load has it, but
 * for the file's name, of which only ":LINE: ..." is left. */
bool lesson_text_load(struct lesson *lesson, const char *text,
                      char why[LESSON_WHY]);

/* A sound lesson of two cases, a and b, with `columns` and `rest` (more fields
 * of the table, each ending in a comma) put in.  Static. */
const char *lesson_text(const char *columns, const char *rest);

#endif
