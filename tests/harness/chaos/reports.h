/* SPDX-License-Identifier: MIT */
/*
 * reports.h - the folder into which an experiment of a test leaves its reports,
 * and what they contain.
 *
 * What is missing fails the test.
 */
#ifndef TESTS_HARNESS_CHAOS_REPORTS_H
#define TESTS_HARNESS_CHAOS_REPORTS_H

#include <cjson/cJSON.h>

struct reports {
    char path[64];
};

/* Makes a new folder, in TMPDIR or else in /tmp; removes it, with all that is
 * in it. */
void reports_make(struct reports *reports);
void reports_remove(const struct reports *reports);

/* A whole file; the caller frees it. */
char *reports_read(const struct reports *reports, const char *name);

/* run.json; the caller deletes it. */
cJSON *reports_record(const struct reports *reports);

/* A member of an object, and its value where that is a number. */
const cJSON *record_member(const cJSON *object, const char *name);
double record_number(const cJSON *object, const char *name);

#endif
