/* SPDX-License-Identifier: MIT */
/*
 * browser.h - Debian's chromium, which opens a page and says what became of it.
 */
#ifndef TESTS_HARNESS_CHAOS_BROWSER_H
#define TESTS_HARNESS_CHAOS_BROWSER_H

#include <stdbool.h>

/* It is installed, and the library that draws charts too. */
bool browser_is_there(void);

/* The page FOLDER/NAME after its scripts have run, with the console's lines
 * before it; to be freed.  Leaves its profile in the folder. */
char *browser_open(const char *folder, const char *name);

/* How often `text` contains `of`. */
unsigned browser_occurrences(const char *text, const char *of);

#endif
