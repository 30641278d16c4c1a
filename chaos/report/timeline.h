/*
 * timeline.h - what went on during a run, in a few rows of bars.
 */
#ifndef CHAOS_REPORT_TIMELINE_H
#define CHAOS_REPORT_TIMELINE_H

#include <cjson/cJSON.h>
#include <stdio.h>

/* Answers, losses, errors and injections over time, of a run's record; nothing
 * when it has no series. */
void timeline_draw(FILE *out, const cJSON *run);

#endif
