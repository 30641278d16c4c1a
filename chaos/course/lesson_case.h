/*
 * lesson_case.h - what a lesson says about a case around its run: how the
 * experiment depends on what was measured before, and whether the run was
 * sound.
 *
 * Both are functions of the lesson's table, and may be absent.  Each returns
 * false with a complaint when the lesson is at fault.
 */
#ifndef CHAOS_COURSE_LESSON_CASE_H
#define CHAOS_COURSE_LESSON_CASE_H

#include "chaos/course/lesson.h"

/* Calls adapt(case, rows): what it returns is laid over the experiment of the
 * case, key by key.  *over is the caller's to delete; NULL: nothing. */
bool lesson_adapt(const struct lesson *lesson, int index, cJSON **over,
                  char why[LESSON_WHY]);

/* Calls sound(run, case, rows): `because` is empty, or why the run is
 * inconclusive. `run` is run.json, `log` what the target wrote (or NULL). */
bool lesson_sound(const struct lesson *lesson, int index, const cJSON *run,
                  const char *log, char because[LESSON_WHY],
                  char why[LESSON_WHY]);

/* Pushes run.json, with the target's log in its field `log`: a line that is an
 * event is a table, another { text = line }. */
void lesson_push_run(lua_State *lua, const cJSON *run, const char *log);

/* Pushes the `index`-th case, counted from 0, as the lesson wrote it. */
void lesson_push_case(const struct lesson *lesson, int index);

#endif
