/* SPDX-License-Identifier: MIT */
/*
 * judge.h - judges a trial as a whole.
 */
#ifndef CHAOS_TRIAL_JUDGE_H
#define CHAOS_TRIAL_JUDGE_H

#include "chaos/measure/verdict.h"
#include "chaos/trial/trial.h"
#include <stdbool.h>

/* The verdicts of a run. */
struct judgement {
    bool measured[TRIAL_MEASURED]; /* baseline, fault, recovery */
    struct verdict verdicts[TRIAL_MEASURED];
    enum verdict_outcome outcome; /* of the whole run */
    const char *because;          /* the reason for the outcome; or NULL */
    bool aborted;                 /* a limit of [abort] ended the faults */
};

/* Judges each phase of an ended trial, and the whole.  `judgement` must be zero
 * except for `aborted`. */
void judge_trial(struct judgement *judgement,
                 const struct hypothesis *hypothesis,
                 const struct trial *trial);

#endif
