/* SPDX-License-Identifier: MIT */
/*
 * target_json.h - the members of run.json that describe the target (see
 * run_json.h).
 */
#ifndef CHAOS_REPORT_TARGET_JSON_H
#define CHAOS_REPORT_TARGET_JSON_H

#include "chaos/target/listening_sockets.h"
#include "chaos/target/usage.h"
#include "chaos/target/worker_stats.h"
#include "chaos/trial/recorder.h"
#include <cjson/cJSON.h>

/* Each returns a new object or array, which the caller deletes. */
cJSON *json_of_usage(const struct usage *usage);
cJSON *json_of_listening(const struct listening_sockets *listening);
cJSON *json_of_worker_stats(const struct worker_stats *worker_stats);
cJSON *json_of_exits(const struct worker_stats *worker_stats);
cJSON *json_of_workers(const struct recorder *recorder);

/* The supervisor's totals; JSON's null if they are unknown. */
cJSON *json_of_totals(const struct log_totals *totals);

/* The lines as strings, or as the objects that they contain. */
cJSON *json_of_sample_lines(const struct sample_lines *sample_lines);
cJSON *json_of_failures(const struct sample_lines *failures);

#endif
