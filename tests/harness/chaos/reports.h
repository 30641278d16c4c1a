/* SPDX-License-Identifier: MIT */
/*
 * reports.h - the folder in which an experiment of a test writes its reports,
 * and their content.
 *
 * A missing file or member fails the test.
 */
#ifndef TESTS_HARNESS_CHAOS_REPORTS_H
#define TESTS_HARNESS_CHAOS_REPORTS_H

#include <cjson/cJSON.h>

struct reports {
    char path[64];
};

/* Makes a new folder in TMPDIR, or in /tmp if that is not set; removes it with
 * its files. */
void reports_make(struct reports *reports);
void reports_remove(const struct reports *reports);

/* Returns the content of a file; the caller frees it. */
char *reports_read(const struct reports *reports, const char *name);

/* Returns run.json; the caller deletes it. */
cJSON *reports_record(const struct reports *reports);

/* A member of an object, and its value if it is a number. */
const cJSON *record_member(const cJSON *object, const char *name);
double record_number(const cJSON *object, const char *name);

#endif
