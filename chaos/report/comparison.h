/*
 * comparison.h - several runs side by side.
 */
#ifndef CHAOS_REPORT_COMPARISON_H
#define CHAOS_REPORT_COMPARISON_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdio.h>

/* One line a run; then what was lost, by class, per 1000 kills. */
void comparison_terminal(FILE *out, cJSON *const *runs, size_t count);

/* The same as a page that stands alone.  The caller frees the text. */
char *comparison_html(cJSON *const *runs, size_t count);

#endif
