/* SPDX-License-Identifier: MIT */
/*
 * run.h - runs and judges an experiment, and writes its reports.
 */
#ifndef CHAOS_RUNNER_RUN_H
#define CHAOS_RUNNER_RUN_H

#include "chaos/experiment/experiment.h"
#include "chaos/report/replay.h"
#include "chaos/trial/trial.h"
#include <cjson/cJSON.h>

struct run {
    const struct experiment *experiment; /* complete */
    const struct replay *past; /* injections of an earlier run, to be repeated;
                                  NULL: the seed determines them */
    const char *directory;     /* of the reports */
    const char *command;       /* a command that repeats the run */
    const char *label;         /* of one run of several: see progress.h; or
                                  NULL */
    bool is_watched;      /* print what happens line by line: see watch.h */
    bool inconclusive_ok; /* inject faults even if the baseline phase is
                             inconclusive */

    /* Results. */
    int status;                     /* an exit status of exit_status.h */
    enum trial_end end;             /* valid if a trial was run */
    cJSON *record;                  /* run.json; NULL: no request was sent */
    char *log;                      /* the target's log; or NULL */
    char why[EXPERIMENT_WHY + 128]; /* why it could not be run or reported; or
                                       empty */
    char last_words[256]; /* the last line of its log that is not an event */
};

/* Runs the experiment and writes run.json, junit.xml, report.html and
 * target.log to `directory`.  Call run_free() afterwards. */
void run_carry_out(struct run *run);

void run_free(struct run *run);

/* As run_carry_out(), and prints progress and results.  The parameters are
 * those of struct run.  Returns an exit status of exit_status.h. */
int run_experiment(const struct experiment *experiment,
                   const struct replay *past, const char *directory,
                   const char *command, bool is_watched);

#endif
