/*
 * reasons.h - why a run did not hold, or was void.
 */
#ifndef CHAOS_REPORT_REASONS_H
#define CHAOS_REPORT_REASONS_H

#include <cjson/cJSON.h>

/* A sentence about a run's record, the caller's to free; NULL of one that
 * held. */
char *reasons_of(const cJSON *run);

#endif
