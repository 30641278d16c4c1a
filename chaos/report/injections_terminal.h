/* SPDX-License-Identifier: MIT */
/*
 * injections_terminal.h - prints what was injected in a run.
 */
#ifndef CHAOS_REPORT_INJECTIONS_TERMINAL_H
#define CHAOS_REPORT_INJECTIONS_TERMINAL_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* Prints the results of injections, the exits of workers, and the outcomes of
 * requests that asked for a fault. */
void injections_terminal(FILE *out, const cJSON *run);

#endif
