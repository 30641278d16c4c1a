/* SPDX-License-Identifier: MIT */
/*
 * comparison.h - compares several runs in a table.
 */
#ifndef CHAOS_REPORT_COMPARISON_H
#define CHAOS_REPORT_COMPARISON_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdio.h>

/* Prints a row per run, the reasons of verdicts, and failures by class per 1000
 * hits. */
void comparison_terminal(FILE *out, cJSON *const *runs, size_t count);

/* The same as a self-contained HTML page.  The caller frees it. */
char *comparison_html(cJSON *const *runs, size_t count);

#endif
