/* SPDX-License-Identifier: MIT */
/*
 * timeline.h - prints a run over time, as rows of bars.
 */
#ifndef CHAOS_REPORT_TIMELINE_H
#define CHAOS_REPORT_TIMELINE_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* Prints answers, losses, errors and injections over time.  Prints nothing if
 * the record has no series. */
void timeline_draw(FILE *out, const cJSON *run);

#endif
