/*
 * judge.h - what a trial as a whole comes to.
 */
#ifndef CHAOS_RUNNER_JUDGE_H
#define CHAOS_RUNNER_JUDGE_H

#include "chaos/report/run_json.h"

/* Judges a trial that has ended, phase by phase and as a whole.  `judgement`
 * is blank but for `aborted`. */
void judge_trial(struct judgement *judgement,
                 const struct hypothesis *hypothesis,
                 const struct trial *trial);

#endif
