/* SPDX-License-Identifier: MIT */
/*
 * judge.h - judges a trial as a whole.
 */
#ifndef CHAOS_RUNNER_JUDGE_H
#define CHAOS_RUNNER_JUDGE_H

#include "chaos/report/run_json.h"

/* Judges each phase of an ended trial, and the whole.  `judgement` must be zero
 * except for `aborted`. */
void judge_trial(struct judgement *judgement,
                 const struct hypothesis *hypothesis,
                 const struct trial *trial);

#endif
