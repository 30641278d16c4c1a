/* SPDX-License-Identifier: MIT */
/*
 * explain.h - prints what the restart policy would do.
 *
 * Simulates a pool in simulated time; forks nothing.  Delays and the detection
 * of a crash loop are computed by policy/backoff.h and policy/intensity.h, as
 * in the supervisor; the pool itself is a simplified model.
 */
#ifndef SUPERVISOR_OPTIONS_EXPLAIN_H
#define SUPERVISOR_OPTIONS_EXPLAIN_H

#include "supervisor/options/options.h"
#include <stdio.h>

/* Prints the delays after consecutive failures, when a crash loop is detected
 * if every worker dies as soon as it is forked, and what follows. */
void explain_print(const struct options *options, FILE *out);

#endif
