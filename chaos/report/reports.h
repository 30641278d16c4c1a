/*
 * reports.h - the faces of a run's record.
 *
 * All are drawn from the record alone (run_json.h), so that they can be drawn
 * again at any time.
 */
#ifndef CHAOS_REPORT_REPORTS_H
#define CHAOS_REPORT_REPORTS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Figures, a small timeline and the verdict, for a terminal. */
void report_terminal(FILE *out, const cJSON *run);

/* For a CI: a test case for every claim.  The caller frees the text. */
char *report_junit(const cJSON *run);

/* One page that opens by itself.  The caller frees the text. */
char *report_html(const cJSON *run);

/* Writes run.json, junit.xml and report.html into `directory`, which is made
 * if need be.  Returns false with one line in `why`. */
bool reports_save(const char *directory, const cJSON *run, char *why,
                  size_t size);

#endif
