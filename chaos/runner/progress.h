/* SPDX-License-Identifier: MIT */
/*
 * progress.h - shows the progress of a run on standard output.
 *
 * On a terminal, one line is overwritten and truncated to the terminal's width.
 * Otherwise a new line is printed each time.
 */
#ifndef CHAOS_RUNNER_PROGRESS_H
#define CHAOS_RUNNER_PROGRESS_H

#include "chaos/trial/trial.h"
#include <stdint.h>

struct progress {
    const char *label; /* of one run of several: a short line begins with it,
                          and is shown only on a terminal; or NULL */
    uint64_t start_us; /* start of the run, monotonic */
};

void progress_show(const struct progress *progress, const struct trial *trial);

/* Erases the line on a terminal. */
void progress_end(void);

#endif
