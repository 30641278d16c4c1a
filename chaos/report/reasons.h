/* SPDX-License-Identifier: MIT */
/*
 * reasons.h - why a run did not hold or was inconclusive.
 */
#ifndef CHAOS_REPORT_REASONS_H
#define CHAOS_REPORT_REASONS_H

#include <cjson/cJSON.h>

/* Returns the reasons in one line, which the caller frees; NULL if the run
 * held. */
char *reasons_of(const cJSON *run);

#endif
