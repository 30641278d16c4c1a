/*
 * target_json.h - what a run learnt of its target, for run.json (see
 * run_json.h for what each member means).
 */
#ifndef CHAOS_REPORT_TARGET_JSON_H
#define CHAOS_REPORT_TARGET_JSON_H

#include "chaos/target/listening_sockets.h"
#include "chaos/target/usage.h"
#include "chaos/target/worker_stats.h"
#include "chaos/trial/recorder.h"
#include <cjson/cJSON.h>

/* Each makes a new object or array, the caller's to delete. */
cJSON *json_of_usage(const struct usage *usage);
cJSON *json_of_listening(const struct listening_sockets *listening);
cJSON *json_of_worker_stats(const struct worker_stats *worker_stats);
cJSON *json_of_exits(const struct worker_stats *worker_stats);
cJSON *json_of_workers(const struct recorder *recorder);

/* The supervisor's own totals; NULL when it told none. */
cJSON *json_of_totals(const struct log_totals *totals);

/* Lines of text, or the objects that they are. */
cJSON *json_of_sample_lines(const struct sample_lines *sample_lines);
cJSON *json_of_failures(const struct sample_lines *failures);

#endif
