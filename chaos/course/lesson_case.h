/* SPDX-License-Identifier: MIT */
/*
 * lesson_case.h - the lesson's functions that are called before and after the
 * run of a case: adapt() and sound().  A lesson may omit both.
 *
 * Each function returns false with a message in `why` on an error in the
 * lesson.
 */
#ifndef CHAOS_COURSE_LESSON_CASE_H
#define CHAOS_COURSE_LESSON_CASE_H

#include "chaos/course/lesson.h"

/* Calls adapt(case, rows), which returns changes to the experiment of the case.
 * The caller deletes *overrides; NULL means no changes. */
bool lesson_adapt(const struct lesson *lesson, int index, cJSON **overrides,
                  char why[LESSON_WHY]);

/* Calls sound(run, case, rows).  Sets `because` to the reason why the run is
 * inconclusive, or to "".  `run` is run.json, `log` the target's output or
 * NULL.
 */
bool lesson_sound(const struct lesson *lesson, int index, const cJSON *run,
                  const char *log, char because[LESSON_WHY],
                  char why[LESSON_WHY]);

/* Pushes run.json with the target's log as its field `log`, a list of lines.  A
 * JSON line becomes its table, any other line { text = line }. */
void lesson_push_run(lua_State *lua, const cJSON *run, const char *log);

/* Pushes the `index`-th case, counted from 0, including its functions. */
void lesson_push_case(const struct lesson *lesson, int index);

#endif
