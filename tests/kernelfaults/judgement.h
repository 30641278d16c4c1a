/* SPDX-License-Identifier: MIT */
/*
 * judgement.h - checks how a supervisor whose system calls failed has ended.
 */
#ifndef TESTS_KERNELFAULTS_JUDGEMENT_H
#define TESTS_KERNELFAULTS_JUDGEMENT_H

#include "tests/kernelfaults/story.h"

/*
 * Complains unless the supervisor ended with status 0, balanced totals with one
 * answer for each request, and the text of the error in the log; or, before its
 * port was open, with status 1 and one line with the reason.
 */
void judge_end(struct story *story);

#endif
