/*
 * explain.h - what the restart policy would do, before anything runs.
 *
 * Asks the modules that will decide, with simulated time; forks nothing and
 * reads no clock.
 */
#ifndef SUPERVISOR_OPTIONS_EXPLAIN_H
#define SUPERVISOR_OPTIONS_EXPLAIN_H

#include "supervisor/options/options.h"
#include <stdio.h>

/*
 * Prints, for --explain: the delays after failures in a row; when the
 * crash-loop verdict falls if every worker dies the moment it is forked; and
 * what happens then.
 */
void explain_print(const struct options *options, FILE *out);

#endif
