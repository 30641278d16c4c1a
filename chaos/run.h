/*
 * run.h - an experiment, carried out and judged.
 */
#ifndef CHAOS_RUN_H
#define CHAOS_RUN_H

#include "chaos/experiment.h"

/*
 * Runs a complete experiment, shows how it goes, and leaves run.json,
 * junit.xml and report.html in `directory`.  `command` is how to do it again.
 * Returns the exit status (commands.h).
 */
int run_experiment(const struct experiment *experiment, const char *directory,
                   const char *command);

#endif
