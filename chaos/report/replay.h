/* SPDX-License-Identifier: MIT */
/*
 * replay.h - reads the injections of an earlier run from its record.
 */
#ifndef CHAOS_REPORT_REPLAY_H
#define CHAOS_REPORT_REPLAY_H

#include "chaos/experiment/experiment.h"
#include "chaos/faults/monkey.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct replay {
    struct past_injection *list; /* not NULL after replay_read() */
    uint32_t count;
};

/* Reads the injections of `run`, whose faults must be in `experiment`.  Returns
 * true, and the caller calls replay_free(); or false with one line in `why`. */
bool replay_read(struct replay *past, const cJSON *run,
                 const struct experiment *experiment, char *why, size_t size);

/* Counts the past injections that hit a slot (*of), and those of them that hit
 * the same slot again in `run` (*again). */
void replay_met_again(const struct replay *past, const cJSON *run,
                      uint32_t *again, uint32_t *of);

void replay_free(struct replay *past);

#endif
