/* SPDX-License-Identifier: MIT */
/*
 * browser.h - opens a page in Debian's chromium.
 */
#ifndef TESTS_HARNESS_CHAOS_BROWSER_H
#define TESTS_HARNESS_CHAOS_BROWSER_H

#include <stdbool.h>

/* Returns whether chromium and the chart library are installed. */
bool browser_is_there(void);

/* Returns the page FOLDER/NAME after its scripts have run, with the lines of
 * the console before it; the caller frees it.  Leaves the browser's profile in
 * the folder. */
char *browser_open(const char *folder, const char *name);

/* Returns how often `of` occurs in `text`. */
unsigned browser_occurrences(const char *text, const char *of);

#endif
