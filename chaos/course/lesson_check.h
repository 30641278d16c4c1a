/*
 * lesson_check.h - whether a lesson's table is one.
 */
#ifndef CHAOS_COURSE_LESSON_CHECK_H
#define CHAOS_COURSE_LESSON_CHECK_H

#include "chaos/course/lesson.h"

/* Checks all that can be checked before anything runs: texts, cases and their
 * experiments, columns, plots, expectations.  Returns false with a complaint
 * that names the line. */
bool lesson_check(const struct lesson *lesson, char why[LESSON_WHY]);

#endif
