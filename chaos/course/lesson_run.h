/*
 * lesson_run.h - a lesson, carried out: its cases one after the other.
 */
#ifndef CHAOS_COURSE_LESSON_RUN_H
#define CHAOS_COURSE_LESSON_RUN_H

#include "chaos/course/lesson.h"

struct lesson_outcome {
    int status;           /* exit status, commands.h */
    bool interrupted;     /* by a signal: nothing should follow */
    char why[LESSON_WHY]; /* the complaint, where status is EXIT_BAD_INPUT */
};

/*
 * Runs a loaded lesson and shows it as it goes.  Each case leaves its reports
 * in OUT/NAME/CASE, the lesson its record in OUT/NAME/lesson.json; one
 * that is interrupted says so there, one that is at fault leaves none; what an
 * earlier run left is gone.
 */
void lesson_run(struct lesson *lesson, const char *out, uint64_t seed,
                struct lesson_outcome *outcome);

#endif
