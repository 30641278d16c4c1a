/*
 * phase_stats_json.h - what a run found out, for programs.
 *
 * Times are microseconds, shares 0 to 1; names as outcome_key has them.
 */
#ifndef CHAOS_REPORT_PHASE_STATS_JSON_H
#define CHAOS_REPORT_PHASE_STATS_JSON_H

#include "chaos/measure/phase_stats.h"
#include "chaos/measure/verdict.h"
#include <cjson/cJSON.h>

/* A new object, the caller's to delete: requests, classes, latency, gap. */
cJSON *json_of_phase_stats(const struct phase_stats *phase_stats);

/* A new object: colour, because, findings. */
cJSON *json_of_verdict(const struct verdict *verdict);

/* A finding in words, as finding_write has them.  Returns `buffer`. */
const char *json_finding_words(char *buffer, size_t size, const cJSON *finding);

#endif
