/* SPDX-License-Identifier: MIT */
/*
 * lesson_check.h - checks the table that a lesson returns.
 */
#ifndef CHAOS_COURSE_LESSON_CHECK_H
#define CHAOS_COURSE_LESSON_CHECK_H

#include "chaos/course/lesson.h"

/* Checks everything that can be checked before a run: texts, cases and their
 * experiments, columns, plots, expectations.  On error returns false with a
 * message in `why`. */
bool lesson_check(const struct lesson *lesson, char why[LESSON_WHY]);

#endif
