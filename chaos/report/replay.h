/*
 * replay.h - what was injected in an earlier run, out of its record.
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
    struct past_injection *list; /* never NULL once it is read */
    uint32_t count;
};

/* Reads the injections of `run`, which are of faults of `experiment`.  Returns
 * true, and replay_free() is to follow; or false with one line in `why`. */
bool replay_read(struct replay *past, const cJSON *run,
                 const struct experiment *experiment, char *why, size_t size);

/* How many of the past injections that met a slot met it again in `run`, and of
 * how many. */
void replay_met_again(const struct replay *past, const cJSON *run,
                      uint32_t *again, uint32_t *of);

void replay_free(struct replay *past);

#endif
