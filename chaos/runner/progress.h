/*
 * progress.h - how far a run has come, for people at a terminal.
 *
 * On a terminal one line is written over and over, as wide as there is
 * capacity; elsewhere a line follows the other.
 */
#ifndef CHAOS_RUNNER_PROGRESS_H
#define CHAOS_RUNNER_PROGRESS_H

#include "chaos/trial/trial.h"
#include <stdint.h>

struct progress {
    const char *label; /* of one run among several: shown on a terminal alone,
                          after this; or NULL */
    uint64_t start_us; /* of the run, monotonic */
};

/* Shows it as it is now. */
void progress_show(const struct progress *progress, const struct trial *trial);

/* It is over: wipes the line that was written over. */
void progress_end(void);

#endif
