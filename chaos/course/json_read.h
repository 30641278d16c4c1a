/* SPDX-License-Identifier: MIT */
/*
 * json_read.h - reads members of a lesson's tables and record, which may leave
 * members out.  For the record of a run, see run_record.h.
 *
 * Total: a missing member, or one of another type, is 0, "" or false.
 */
#ifndef CHAOS_COURSE_JSON_READ_H
#define CHAOS_COURSE_JSON_READ_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* The member `name`, or NULL. */
const cJSON *field(const cJSON *object, const char *name);

double field_number(const cJSON *object, const char *name);
uint64_t field_count(const cJSON *object, const char *name);
const char *field_text(const cJSON *object, const char *name);
bool field_true(const cJSON *object, const char *name);

#endif
