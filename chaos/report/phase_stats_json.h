/* SPDX-License-Identifier: MIT */
/*
 * phase_stats_json.h - the statistics and the verdict of a phase as JSON.
 *
 * Times are in microseconds, shares are 0 to 1.  See run_json.h for members.
 */
#ifndef CHAOS_REPORT_PHASE_STATS_JSON_H
#define CHAOS_REPORT_PHASE_STATS_JSON_H

#include "chaos/measure/phase_stats.h"
#include "chaos/measure/verdict.h"
#include <cjson/cJSON.h>

/* Returns a new object, which the caller deletes. */
cJSON *json_of_phase_stats(const struct phase_stats *phase_stats);

/* Returns a new object, which the caller deletes: outcome, because, findings.
 */
cJSON *json_of_verdict(const struct verdict *verdict);

/* Add a text or a number; null for NULL, an empty text, a negative number. */
void run_json_add_text(cJSON *object, const char *name, const char *text);
void run_json_add_unless_negative(cJSON *object, const char *name,
                                  int64_t value);

/* Writes a finding as finding_write() does.  Returns `buffer`. */
const char *json_finding_words(char *buffer, size_t size, const cJSON *finding);

#endif
