/*
 * run_json.h - the record of a run: all that reports and replays need.
 */
#ifndef CHAOS_REPORT_RUN_JSON_H
#define CHAOS_REPORT_RUN_JSON_H

#include "chaos/experiment.h"
#include "chaos/recorder.h"
#include "chaos/trial.h"
#include "chaos/verdict.h"
#include <cjson/cJSON.h>
#include <stdbool.h>

/* How a run was judged, phase by phase. */
struct judgement {
    bool measured[TRIAL_MEASURED]; /* steady, storm, after */
    struct verdict verdicts[TRIAL_MEASURED];
    enum verdict_colour colour; /* of the whole */
    const char *because;        /* why it is void, or aborted; or NULL */
    bool aborted;               /* the faults were stopped before their time */
};

/* A new object, the caller's to delete.  `command` reproduces the run. */
cJSON *run_json_write(const struct experiment *experiment,
                      const struct trial *trial,
                      const struct recorder *recorder,
                      const struct judgement *judgement, const char *command);

/* Reads one from a file.  NULL with one line in `why`. */
cJSON *run_json_read(const char *path, char *why, size_t size);

/*
 * Writes `text` whole to DIRECTORY/NAME, or not at all: an unfinished report
 * must not be taken for one.  Makes the directory.  Returns false with one
 * line in `why`.
 */
bool report_save(const char *directory, const char *name, const char *text,
                 char *why, size_t size);

#endif
