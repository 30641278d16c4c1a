/* SPDX-License-Identifier: MIT */
/*
 * reports.h - the reports of a run.
 *
 * Reports are made from the record alone (run_json.h), so they can be made
 * again at any time.
 */
#ifndef CHAOS_REPORT_REPORTS_H
#define CHAOS_REPORT_REPORTS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Prints a timeline, figures and the verdict. */
void report_terminal(FILE *out, const cJSON *run);

/* A JUnit file with a test case for every claim.  The caller frees it. */
char *report_junit(const cJSON *run);

/* A self-contained HTML page.  The caller frees it. */
char *report_html(const cJSON *run);

/* Writes run.json, junit.xml and report.html to `directory`, which is created
 * if it does not exist.  Returns false with one line in `why` on errors. */
bool reports_save(const char *directory, const cJSON *run, char *why,
                  size_t size);

#endif
