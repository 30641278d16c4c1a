/*
 * run.h - an experiment, carried out and judged.
 */
#ifndef CHAOS_RUNNER_RUN_H
#define CHAOS_RUNNER_RUN_H

#include "chaos/experiment/experiment.h"
#include "chaos/report/replay.h"
#include "chaos/trial/trial.h"
#include <cjson/cJSON.h>

struct run {
    const struct experiment *experiment; /* complete */
    const struct replay *past; /* hits of an earlier run, to be repeated; NULL:
                                what the seed decides */
    const char *directory;     /* for the reports */
    const char *command;       /* how to do it again */
    const char *label; /* of one run among several: its progress is shown on a
                          terminal alone, after this; or NULL */
    bool may_be_void;  /* what cannot be judged is worth a run all the same */

    /* What it came to. */
    int status;         /* exit status, commands.h */
    enum trial_end end; /* where it came to a trial */
    cJSON *record;      /* run.json; NULL: it never came to a request */
    char *log;          /* what the target wrote; or NULL */
    char why[EXPERIMENT_WHY +
             128];        /* it could not be run or reported; or empty */
    char last_words[256]; /* the last line of its log that was no event */
};

/* Runs it and leaves run.json, junit.xml, report.html and target.log in its
 * directory.  To be followed by run_free. */
void run_carry_out(struct run *run);

void run_free(struct run *run);

/*
 * Runs a complete experiment, shows how it goes and what it came to, and
 * leaves the reports in `directory`; `past` and `command` as in struct run.
 * Returns the exit status (commands.h).
 */
int run_experiment(const struct experiment *experiment,
                   const struct replay *past, const char *directory,
                   const char *command);

#endif
