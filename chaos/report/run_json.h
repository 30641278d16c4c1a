/* SPDX-License-Identifier: MIT */
/*
 * run_json.h - the record of a run, from which reports, replays and lessons
 * are made.
 *
 * Members that end in _us are times since the recording began, or durations,
 * in microseconds.  Shares are 0 to 1.  An unknown value is null.  The members
 * are listed in run_members.c.
 */
#ifndef CHAOS_REPORT_RUN_JSON_H
#define CHAOS_REPORT_RUN_JSON_H

#include "chaos/experiment/experiment.h"
#include "chaos/trial/judge.h"
#include "chaos/trial/recorder.h"
#include "chaos/trial/trial.h"
#include <cjson/cJSON.h>
#include <stdbool.h>

/* Returns a new object, which the caller deletes.  `command` repeats the run.
 */
cJSON *run_json_write(const struct experiment *experiment,
                      const struct trial *trial,
                      const struct recorder *recorder,
                      const struct judgement *judgement, const char *command);

/* Adds the members "started" (from `wall_us`), "machine" and "versions". */
void run_json_add_machine(cJSON *object, uint64_t wall_us);

/* Reads any JSON file.  Returns NULL with errno if it cannot be opened, and
 * with errno 0 if it is not JSON. */
cJSON *json_read(const char *path);

/* Reads the record of a run.  Returns NULL with one line in `why` on errors. */
cJSON *run_json_read(const char *path, char *why, size_t size);

/* Creates `directory` if it does not exist, and checks that files can be
 * created in it.  Returns false with one line in `why` if not. */
bool report_possible(const char *directory, char *why, size_t size);

/* Creates `directory` if it does not exist, and writes `text` to the file
 * `name` in it, atomically.  Returns false with one line in `why` on errors. */
bool report_save(const char *directory, const char *name, const char *text,
                 char *why, size_t size);

#endif
