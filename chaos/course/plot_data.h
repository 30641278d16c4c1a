/*
 * plot_data.h - a lesson's plots, as points: what is drawn later, on a
 * terminal or a page, looks nothing up.
 */
#ifndef CHAOS_COURSE_PLOT_DATA_H
#define CHAOS_COURSE_PLOT_DATA_H

#include "chaos/course/lesson.h"

/*
 * Adds "plots" to the record, of the cases that are there.  Each has title,
 * kind, labels, and: bars with label, name, value, text, predicted,
 * predicted_text; or lines with name, predicted (whether it is) and points.
 * Returns false with a complaint when a plot asks for what no case has.
 */
bool lesson_plots(struct lesson *lesson, char why[LESSON_WHY]);

#endif
