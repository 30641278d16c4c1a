/*
 * injections_terminal.h - what was injected in a run, for people at a terminal.
 */
#ifndef CHAOS_REPORT_INJECTIONS_TERMINAL_H
#define CHAOS_REPORT_INJECTIONS_TERMINAL_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* How the injections of a run's record went, what workers died of, and what
 * became of requests that asked for a fault. */
void injections_terminal(FILE *out, const cJSON *run);

#endif
