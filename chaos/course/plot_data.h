/* SPDX-License-Identifier: MIT */
/*
 * plot_data.h - resolves the plots of a lesson into points, which a terminal or
 * a page draws without further lookups.
 */
#ifndef CHAOS_COURSE_PLOT_DATA_H
#define CHAOS_COURSE_PLOT_DATA_H

#include "chaos/course/lesson.h"

/*
 * Adds "plots" to the record, from the cases in the record.  Each plot has
 * title, kind, x_label, y_label, and either bars (label, name, value, text,
 * predicted, predicted_text) or lines (name, points, predicted: true for a line
 * of predicted values).  Returns false with a message in `why` if no case has
 * data for a plot.
 */
bool lesson_plots(struct lesson *lesson, char why[LESSON_WHY]);

#endif
