/*
 * judgement.h - was the end of a supervisor whose system calls failed as it
 * must be?
 */
#ifndef TESTS_KERNELFAULTS_JUDGEMENT_H
#define TESTS_KERNELFAULTS_JUDGEMENT_H

#include "tests/kernelfaults/story.h"

/*
 * It has ended: with status 0, totals that add up and tell of as many answers
 * as were asked for, and the error's text in the log; or, before its port was
 * open, with status 1 and one line that says why.  Complains if not.
 */
void judge_end(struct story *story);

#endif
